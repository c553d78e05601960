import type { Command } from 'commander'
import { loadConfig } from '../config/config.ts'
import { systemClock } from '../core/clock.ts'
import { freshJwtSecret, freshMasterKey } from '../secrets/fresh-secrets.ts'

const write = (line: string) => process.stdout.write(`${line}\n`)

export function keysCommand(program: Command): void {
  const keys = program.command('keys').description('The secrets that Earshot starts with')
  keys
    .command('new')
    .description('Print a fresh JWT_SECRET and a fresh ENCRYPTION_KEYS, as lines for .env')
    .action(printFreshKeys)
  keys
    .command('check')
    .description('Say whether ENCRYPTION_KEYS opens what this database holds')
    .action(checkKeys)
}

/** Standard output alone: nothing of it reaches a log. */
function printFreshKeys(): void {
  write(`JWT_SECRET=${freshJwtSecret()}`)
  write(`ENCRYPTION_KEYS=${freshMasterKey(systemClock.now())}`)
}

/** Starting is the check: it refuses with a sentence when a key is missing or wrong. */
async function checkKeys(): Promise<void> {
  const { compose } = await import('../compose.ts')
  const { keysInUse } = await import('../secrets/key-check.ts')
  const parts = await compose(loadConfig({ LOG_LEVEL: 'error' }), { name: 'cli' })
  try {
    const { keyring } = parts
    const used = await keysInUse(parts.database.orm.em.fork() as Parameters<typeof keysInUse>[0])
    for (const keyId of keyring.ids) {
      const profiles = used.find((use) => use.keyId === keyId)?.profiles ?? 0
      const newest = keyId === keyring.currentId ? ' (newest)' : ''
      write(`${keyId}${newest}: right, seals ${profiles} credential profiles`)
    }
  } finally {
    await parts.close()
  }
}
