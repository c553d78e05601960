import { type Command, Option } from 'commander'
import type { StoreName } from '../secrets/stores/secret-store.ts'
import type { CheckOptions } from './keys/check.ts'
import type { RotateOptions } from './keys/rotate.ts'

const json = ['--json', 'one JSON document instead of words'] as const

/** What the commands need is loaded when one runs, so that `--help` does not wait for it. */
export function keysCommand(program: Command): void {
  const keys = program.command('keys').description('The secrets that Earshot starts with')
  keys
    .command('new')
    .description('Print a fresh JWT_SECRET and a fresh ENCRYPTION_KEYS, as lines for .env')
    .action(printFreshKeys)
  keys
    .command('check')
    .description('Say whether ENCRYPTION_KEYS opens what this database holds, and who runs with it')
    .option('--deep', 'open every sealed secret once; nothing of it is shown')
    .option(...json)
    .action(async (options: CheckOptions) => {
      const { check } = await import('./keys/check.ts')
      if (!(await check(options))) process.exitCode = 1
    })
  keys
    .command('rotate')
    .description('Move everything to another master key, while Earshot runs')
    .option('--to <key>', 'its id; the first of ENCRYPTION_KEYS where nothing is said')
    .option('--new', 'make one in DATA_DIR/secrets.json (without ENCRYPTION_KEYS)')
    .option('--force', 'do not wait for processes that lack the key')
    .option(...json)
    .addHelpText('after', '\nStopped at any moment, it goes on where it was when started again.')
    .action(async (options: RotateOptions) => {
      const { rotate } = await import('./keys/rotate.ts')
      if (!(await rotate(options))) process.exitCode = 1
    })
  addRareCommands(keys)
}

function addRareCommands(keys: Command): void {
  keys
    .command('retire')
    .argument('<key>', 'its id')
    .description('Let the database forget a key that seals nothing any more')
    .action(async (keyId: string) => (await import('./keys/places.ts')).retire(keyId))
  keys
    .command('move')
    .description('Move every credential to another store, while Earshot runs')
    .addOption(
      new Option('--to <store>', 'where to').choices(['database', 'aws']).makeOptionMandatory(),
    )
    .action(async ({ to }: { to: StoreName }) => {
      const { move } = await import('./keys/places.ts')
      if (!(await move(to))) process.exitCode = 1
    })
  keys
    .command('sweep')
    .description('Remove at once what is left over in a store outside; workers do it each minute')
    .action(async () => (await import('./keys/places.ts')).sweep())
}

/** Standard output alone: nothing of it reaches a log. */
async function printFreshKeys(): Promise<void> {
  const [{ systemClock }, { freshJwtSecret, freshMasterKey }] = await Promise.all([
    import('../core/clock.ts'),
    import('../secrets/fresh-secrets.ts'),
  ])
  process.stdout.write(`JWT_SECRET=${freshJwtSecret()}\n`)
  process.stdout.write(`ENCRYPTION_KEYS=${freshMasterKey(systemClock.now())}\n`)
}
