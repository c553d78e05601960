import { join } from 'node:path'
import { type Config, loadConfig } from '../../config/config.ts'
import { createLogger, type Logger } from '../../core/logger.ts'
import type { Keyring } from '../../secrets/keyring.ts'
import {
  checkClock,
  checkMigrations,
  checkVersion,
  databaseAway,
  type OpenedDatabase,
  openDatabaseToExamine,
} from './database.ts'
import { type Finding, fail, messageOf, ok, warn } from './finding.ts'
import { checkDataFolder, checkDiskSpace, checkNode, checkPrivacy } from './machine.ts'
import { checkMail } from './mail.ts'
import { checkStoredCredentials } from './master-keys.ts'
import { checkModel } from './model.ts'
import { checkPlatforms } from './platforms.ts'
import { checkPorts } from './ports.ts'
import { checkQueueOnPostgres, checkQueueOnRedis } from './queue.ts'
import { checkSecrets } from './secrets.ts'
import { checkApplicationRole, checkRowLevelSecurity } from './tenancy.ts'

/** Looks at everything a start needs, in the order in which a start needs it. */
export async function examine(): Promise<Finding[]> {
  const node = checkNode()
  const config = readableConfig()
  if ('level' in config) return [node, config]

  const log = createLogger({ level: 'silent', name: 'doctor' })
  const folder = await checkDataFolder(config.dataFolder)
  const { findings: secrets, keyring } = await checkSecrets(config)
  return [
    node,
    ok('configuration', config.environment),
    ...checkProduction(config),
    folder,
    ...(folder.level === 'ok' ? [await checkDiskSpace(config.dataFolder)] : []),
    ...(await checkPrivacy(['.env', join(config.dataFolder, 'secrets.json')])),
    ...secrets,
    ...(await examineDatabase(config, keyring, log)),
    ...(config.redisUrl ? await checkQueueOnRedis(config.redisUrl) : []),
    await checkMail(config),
    await checkModel(config),
    await checkPlatforms(config),
    ...(await checkPorts(config)),
  ]
}

function readableConfig(): Config | Finding {
  try {
    return loadConfig()
  } catch (error) {
    return fail('configuration', messageOf(error), 'Everything else waits for this.')
  }
}

function checkProduction({ production, http, database }: Config): Finding[] {
  if (!production) return []
  return [
    ...(http.publicDocs
      ? [warn('documentation', '/docs is open to everybody', 'Set PUBLIC_DOCS=false to close it.')]
      : []),
    ...(database.url
      ? []
      : [
          warn(
            'database',
            'the embedded PostgreSQL, in production',
            'It serves one machine and has no backups of its own: set DATABASE_URL.',
          ),
        ]),
  ]
}

async function examineDatabase(
  config: Config,
  keyring: Keyring | null,
  log: Logger,
): Promise<Finding[]> {
  let database: OpenedDatabase | null
  try {
    database = await openDatabaseToExamine(config, log)
  } catch (error) {
    return [databaseAway(error)]
  }
  if (!database) return [ok('database', 'none yet: the first start makes an embedded PostgreSQL')]
  try {
    const version = await checkVersion(database)
    const { finding: schema, migrated } = await checkMigrations(database)
    const clock = await checkClock(database)
    if (!migrated) return [version, schema, clock]
    return [
      version,
      schema,
      clock,
      await checkApplicationRole(database),
      await checkRowLevelSecurity(database),
      ...(keyring ? [await checkStoredCredentials(database, keyring, log)] : []),
      ...(config.redisUrl ? [] : [await checkQueueOnPostgres(database)]),
    ]
  } finally {
    await database.owner.end()
    await database.addresses.close()
  }
}
