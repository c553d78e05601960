import { type EntityManager, type EntitySchema, MikroORM } from '@mikro-orm/postgresql'
import pg, { type Pool } from 'pg'
import type { Logger } from '../core/logger.ts'

export type Database = {
  orm: MikroORM
  /** The pool under the ORM, for COPY and LISTEN, which want a connection of their own. */
  pool: Pool
  close: () => Promise<void>
}

export type DatabaseOptions = {
  /** A login; its sessions act as `role`. */
  url: string
  /** null: as the login itself (the login is the application role). */
  role: string | null
  entities: readonly EntitySchema[]
  poolMax: number
  slowQueryMs: number
  log: Logger
}

/** The application's connection: under row-level security, whoever logs in. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const orm = await MikroORM.init({
    clientUrl: options.url,
    entities: [...options.entities],
    driverOptions: {
      // The ORM reads host and names out of the address and forgets `sslmode`; the driver does not.
      connectionString: options.url,
      application_name: 'earshot',
      onPoolCreated: readTimesAsDates,
      options: sessionOptions(options.role),
    },
    pool: { min: 0, max: options.poolMax, idleTimeoutMillis: 30_000 },
    // Every read goes through a fork that a unit of work was given: never through the global one.
    allowGlobalContext: false,
    timezone: 'UTC',
    logger: (message) => options.log.debug({ sql: message }, 'query'),
    debug: false,
    ensureDatabase: false,
  })
  await orm.connect()
  const pool = (await orm.em.getConnection().getNativeClient()) as Pool
  return { orm, pool, close: () => orm.close(true) }
}

/**
 * Rankings put tens of thousands of groups into one hash, which at 4 MB goes to the disk; and a plan
 * that is compiled before it runs takes longer than most of ours run.
 */
const sessionOptions = (role: string | null) =>
  ['-c work_mem=16MB', '-c jit=off', ...(role ? [`-c role=${role}`] : [])].join(' ')

/** The ORM keeps timestamptz as text and parses it in entities; plain rows want dates as well. */
function readTimesAsDates(pool: Pool): void {
  const timestamptz = pg.types.builtins.TIMESTAMPTZ
  const overrides = pool.options.types as pg.TypeOverrides | undefined
  overrides?.setTypeParser(timestamptz, pg.types.getTypeParser(timestamptz))
}

/** An entity manager that sees one workspace: each of its transactions says so to the database. */
export const forWorkspace = (em: EntityManager, workspaceId: string): EntityManager =>
  em.fork({
    clear: true,
    session: { variables: { 'app.workspace_id': workspaceId } },
  }) as EntityManager
