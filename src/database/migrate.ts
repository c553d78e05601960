import { type Migration, Migrator } from '@mikro-orm/migrations'
import { type EntitySchema, MikroORM } from '@mikro-orm/postgresql'
import { runMigrations as migrateQueues } from 'bullmq'
import pg from 'pg'
import type { Logger } from '../core/logger.ts'

/** Where BullMQ keeps its tables when there is no Redis. */
export const queueSchema = 'earshot_queue'

type MigrateOptions = {
  ownerUrl: string
  entities: readonly EntitySchema[]
  migrations: readonly (new (...args: never[]) => Migration)[]
  log: Logger
}

/** Brings the schema up to date as its owner. Many processes may call it at once: they queue up. */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const lock = new pg.Client({ connectionString: options.ownerUrl })
  await lock.connect()
  try {
    await lock.query(`select pg_advisory_lock(hashtext('earshot.migrate'))`)
    const done = await runSchemaMigrations(options)
    await prepareQueueSchema(lock)
    await lock.query('select ensure_sample_partitions(current_date - 40, 6)')
    return done
  } finally {
    await lock.end()
  }
}

async function runSchemaMigrations({ ownerUrl, entities, migrations, log }: MigrateOptions) {
  const orm = await MikroORM.init({
    clientUrl: ownerUrl,
    // The ORM reads host and names out of the address and forgets `sslmode`; the driver does not.
    driverOptions: { connectionString: ownerUrl },
    logger: (message) => log.debug({ sql: message }, 'query'),
    entities: [...entities],
    extensions: [Migrator],
    migrations: {
      migrationsList: [...migrations] as never,
      tableName: 'schema_migrations',
      snapshot: false,
    },
    pool: { min: 0, max: 2 },
  })
  try {
    const done = await orm.migrator.up()
    for (const { name } of done) log.info({ migration: name }, 'migrated')
    return done.map(({ name }) => name)
  } finally {
    await orm.close(true)
  }
}

/**
 * BullMQ makes a sequence a queue at run time, so the application may create in this schema only.
 * What the owner makes there is the application's by default: granting object by object afterwards
 * would fail on those sequences, which are the application's own.
 */
async function prepareQueueSchema(client: pg.Client): Promise<void> {
  await dropEmptiedQueues(client)
  await client.query(`create schema if not exists ${queueSchema}`)
  await client.query(`grant usage, create on schema ${queueSchema} to earshot_app`)
  for (const kind of ['tables', 'sequences', 'functions']) {
    await client.query(
      `alter default privileges in schema ${queueSchema} grant all on ${kind} to earshot_app`,
    )
  }
  await migrateQueues(client as never, queueSchema)
}

/**
 * Somebody truncated the schema, BullMQ's own list of its migrations with it: it would start over and
 * find everything there already. Queues are hints of what the other tables know, so they are made anew.
 */
async function dropEmptiedQueues(client: pg.Client): Promise<void> {
  const { rows } = await client.query('select to_regclass($1) is not null as known', [
    `${queueSchema}.migration`,
  ])
  if (!rows[0].known) return
  const { rowCount } = await client.query(`select from ${queueSchema}.migration limit 1`)
  if (rowCount === 0) await client.query(`drop schema ${queueSchema} cascade`)
}
