import type { Command } from 'commander'

export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('Say what is wrong with this set-up, and what to do about it')
    .option('--json', 'one JSON document instead of a table')
    .addHelpText('after', '\nExit code 1 when something has to be mended. It changes nothing.')
    .action(async ({ json }: { json?: boolean }) => {
      const { examine } = await import('./doctor/examine.ts')
      const { asJson, asTable } = await import('./doctor/report.ts')
      const findings = await examine()
      process.stdout.write(json ? asJson(findings) : asTable(findings))
      if (findings.some(({ level }) => level === 'fail')) process.exitCode = 1
    })
}
