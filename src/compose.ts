import { join } from 'node:path'
import { migrations } from '../migrations/index.ts'
import { type Answers, createAnswers } from './cache/asked-questions.ts'
import { type Hints, openHints } from './cache/hints.ts'
import type { Config } from './config/config.ts'
import { plainTextStores } from './config/plain-text.ts'
import type { Context } from './context.ts'
import { type Clock, fixedClock, systemClock } from './core/clock.ts'
import { createLogger, type Logger } from './core/logger.ts'
import type { Origin } from './core/origin.ts'
import { toldWhenAway, whenBack } from './database/connection-error.ts'
import { type Database, openDatabase } from './database/database.ts'
import { openEmbeddedPostgres } from './database/embedded/index.ts'
import { migrate } from './database/migrate.ts'
import { watchQueries } from './database/slow-queries.ts'
import { entities } from './entities.ts'
import { type Limits, openLimits } from './limits/limits.ts'
import { platforms } from './platforms/index.ts'
import { openQueues, type QueueConnections } from './queues/queues.ts'
import { holdKeys } from './secrets/hold-keys.ts'
import { createKeyring, type Keyring } from './secrets/keyring.ts'
import { type LocalSecrets, localKeySource, localSecrets } from './secrets/local-secrets.ts'
import { openSecretStores } from './secrets/stores/open-stores.ts'
import type { SecretStores } from './secrets/stores/secret-store.ts'
import { createMetrics, type Metrics } from './telemetry/metrics.ts'
import { type Operations, openOperations } from './telemetry/operations.ts'
import { collectOperations } from './telemetry/operations-metrics.ts'

/** What lives as long as the process. */
export type Parts = {
  config: Config
  secrets: LocalSecrets
  log: Logger
  clock: Clock
  database: Database
  /** For what only the owner may do: migrations, LISTEN on behalf of the queue. */
  addresses: DatabaseAddresses
  queues: QueueConnections
  keyring: Keyring
  /** Where the platforms' credentials lie. */
  secretStores: SecretStores
  metrics: Metrics
  operations: Operations
  limits: Limits
  hints: Hints
  answers: Answers<Context>
  close: () => Promise<void>
}

type ComposeOptions = { name: 'api' | 'worker' | 'cli'; log?: Logger; clock?: Clock }

/** Opens everything in order and closes it in the opposite one, once, for every entry point. */
export async function compose(config: Config, options: ComposeOptions): Promise<Parts> {
  const log = options.log ?? createLogger({ level: config.logLevel, name: options.name })
  await using opened = new AsyncDisposableStack()
  const secrets = await localSecrets(config)
  const keyring = createKeyring(secrets.encryptionKeys, localKeySource(config))

  warnOfSetUp(config, log)

  const addresses = await databaseAddresses(config, log)
  opened.defer(addresses.close)
  const { ownerUrl } = addresses
  const upToDate = () => migrate({ ownerUrl, entities, migrations, log })
  await toldWhenAway(ownerUrl, whenBack(config.database.retry, log, upToDate))

  const database = await openDatabase(databaseOptions(config, addresses, log))
  opened.defer(database.close)
  const em = () => database.orm.em.fork() as Context['em']
  const held = await holdKeys({ em, keyring, name: options.name, log })
  opened.defer(held.close)

  const secretStores = openSecretStores(config.secretStore, keyring)
  opened.defer(secretStores.close)

  const queues = await openQueues({ redisUrl: config.redisUrl, ...addresses, log })
  opened.defer(queues.close)

  const clock = options.clock ?? (config.clockAt ? fixedClock(config.clockAt) : systemClock)
  const metrics = createMetrics()
  watchQueries(database.pool, {
    slowQueryMs: config.database.slowQueryMs,
    log,
    onQuery: metrics.databaseQuery,
  })
  const operations = openOperations(database, queues, clock)
  collectOperations(metrics, operations)
  const limits = await openLimits({
    redisUrl: config.redisUrl,
    pool: database.pool,
    secret: secrets.jwtSecret,
    log,
    metrics,
  })
  opened.defer(limits.close)
  const counters = config.analytics.redisCounters ? config.redisUrl : null
  const hints = await openHints({ redisUrl: counters, log })
  opened.defer(hints.close)
  const all = opened.move()
  return {
    config,
    secrets,
    log,
    clock,
    database,
    addresses,
    queues,
    keyring,
    secretStores,
    metrics,
    operations,
    limits,
    hints,
    answers: createAnswers(),
    close: () => all.disposeAsync(),
  }
}

function warnOfSetUp(config: Config, log: Logger): void {
  warnOfPlainText(config, log)
  warnOfKeptMails(config, log)
}

function warnOfPlainText(config: Config, log: Logger): void {
  const stores = config.production ? plainTextStores(config) : []
  if (stores.length === 0) return
  log.warn({ stores }, 'passwords and rows cross a network in plain text: see docs/production.md')
}

function warnOfKeptMails({ production, mail }: Config, log: Logger): void {
  if (!production || mail.smtpUrl) return
  log.warn('SMTP_URL is not set, so nobody gets a mail: see "Mail" in docs/production.md')
}

export type DatabaseAddresses = {
  ownerUrl: string
  appUrl: string
  /** The role that sessions of `appUrl` act as; null: its login is the application role. */
  role: string | null
  close: () => Promise<void>
}

/** Where the database is: ours, embedded, or the one that the configuration names. */
export async function databaseAddresses(config: Config, log: Logger): Promise<DatabaseAddresses> {
  const { url, appUrl } = config.database
  if (url) {
    return {
      ownerUrl: url,
      appUrl: appUrl ?? url,
      role: appUrl ? null : 'earshot_app',
      close: async () => {},
    }
  }
  const embedded = await openEmbeddedPostgres({
    folder: join(config.dataFolder, 'postgres'),
    log: (line) => log.info(line),
  })
  return {
    ownerUrl: embedded.ownerUrl,
    appUrl: embedded.appUrl,
    role: null,
    close: embedded.close,
  }
}

const databaseOptions = (config: Config, { appUrl, role }: DatabaseAddresses, log: Logger) => ({
  url: appUrl,
  role,
  entities,
  poolMax: config.database.poolMax,
  slowQueryMs: config.database.slowQueryMs,
  log,
})

/** The context of one unit of work: a fork of the entity manager, and whatever is shared. */
export const contextOf = (parts: Parts, signal: AbortSignal, origin: Origin): Context => ({
  em: parts.database.orm.em.fork() as Context['em'],
  clock: parts.clock,
  config: parts.config,
  log: parts.log,
  queues: parts.queues,
  platforms,
  keyring: parts.keyring,
  secretStores: parts.secretStores,
  jwtSecret: parts.secrets.jwtSecret,
  metrics: parts.metrics,
  operations: parts.operations,
  limits: parts.limits,
  hints: parts.hints,
  answers: parts.answers,
  origin,
  signal,
})
