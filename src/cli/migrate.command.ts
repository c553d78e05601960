import type { Command } from 'commander'

export function migrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('Bring the database up to date, as every start does by itself')
    .action(runMigrations)
}

async function runMigrations(): Promise<void> {
  const [{ loadConfig }, { createLogger }, { databaseAddresses }, { migrate }] = await Promise.all([
    import('../config/config.ts'),
    import('../core/logger.ts'),
    import('../compose.ts'),
    import('../database/migrate.ts'),
  ])
  const [{ toldWhenAway }, { entities }, { migrations }] = await Promise.all([
    import('../database/connection-error.ts'),
    import('../entities.ts'),
    import('../../migrations/index.ts'),
  ])
  const log = createLogger({ level: 'error', name: 'cli' })
  const { ownerUrl, close } = await databaseAddresses(loadConfig(), log)
  try {
    const ran = await toldWhenAway(ownerUrl, migrate({ ownerUrl, entities, migrations, log }))
    for (const name of ran) process.stdout.write(`migrated: ${name}\n`)
    if (ran.length === 0) process.stdout.write('The database is up to date.\n')
  } finally {
    await close()
  }
}
