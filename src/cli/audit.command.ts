import type { Command } from 'commander'

export function auditCommand(program: Command): void {
  const audit = program.command('audit').description('What happened, and whether the record holds')
  audit
    .command('verify')
    .description('Recompute every hash chain and say the first row that cannot be')
    .option('--json', 'one JSON document: keep it elsewhere, and give it to --noted later')
    .option('--chain <id>', 'one chain alone: a workspace, or 0 for the system')
    .option('--noted <file>', 'heads that an earlier `audit verify --json` printed')
    .addHelpText('after', '\nExit code 1 when anything was changed, taken away or forged.')
    .action(async (options: { json?: true; chain?: string; noted?: string }) => {
      const { verify } = await import('./audit/verify.ts')
      if (!(await verify(options))) process.exitCode = 1
    })
  audit
    .command('show')
    .description('Print rows, newest first')
    .option('--workspace <id>', 'of one workspace alone')
    .option('--action <action>', "an action, or its noun alone: 'login'")
    .option('--since <time>', 'ISO 8601, or a date')
    .option('--limit <rows>', 'at most so many', '50')
    .option('--json', 'one JSON object a line')
    .action(async (options: Record<string, string> & { json?: true }) => {
      const { show } = await import('./audit/show.ts')
      await show(options)
    })
}
