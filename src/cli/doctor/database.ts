import { existsSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { migrations } from '../../../migrations/index.ts'
import { type DatabaseAddresses, databaseAddresses } from '../../compose.ts'
import type { Config } from '../../config/config.ts'
import type { Logger } from '../../core/logger.ts'
import { toldWhenAway } from '../../database/connection-error.ts'
import { type Finding, fail, messageOf, ok, warn } from './finding.ts'

export type OpenedDatabase = { addresses: DatabaseAddresses; owner: pg.Client }

/** null: the embedded database that the first start will make. The doctor makes nothing. */
export async function openDatabaseToExamine(
  config: Config,
  log: Logger,
): Promise<OpenedDatabase | null> {
  const folder = join(config.dataFolder, 'postgres')
  const made = existsSync(join(folder, 'data')) || existsSync(join(folder, 'moved-to.json'))
  if (!config.database.url && !made) return null
  const addresses = await databaseAddresses(config, log)
  const owner = new pg.Client({
    connectionString: addresses.ownerUrl,
    connectionTimeoutMillis: 5_000,
    application_name: 'earshot-doctor',
  })
  try {
    await toldWhenAway(addresses.ownerUrl, owner.connect())
    return { addresses, owner }
  } catch (error) {
    await addresses.close()
    throw error
  }
}

const oldestVersion = 150_000

export async function checkVersion({ owner }: OpenedDatabase): Promise<Finding> {
  const { rows } = await owner.query(
    `select current_setting('server_version') as name,
            current_setting('server_version_num')::int as number`,
  )
  const { name, number } = rows[0]
  if (number >= oldestVersion) return ok('database', `PostgreSQL ${name}`)
  return fail('database', `PostgreSQL ${name}`, 'Earshot needs PostgreSQL 15 or later.')
}

/** `migrated` is false where there is no schema yet: then there are no roles to look at either. */
export async function checkMigrations({
  owner,
}: OpenedDatabase): Promise<{ finding: Finding; migrated: boolean }> {
  const what = 'schema'
  const table = await owner.query(`select to_regclass('public.schema_migrations') as table`)
  const ran = table.rows[0].table
    ? (await owner.query('select name from schema_migrations')).rows.map(({ name }) => String(name))
    : []
  const known = migrations.map(nameOf)
  const newer = ran.filter((name) => !known.includes(name))
  const waiting = known.filter((name) => !ran.includes(name))
  const migrated = ran.length > 0
  if (newer.length > 0) {
    const advice = 'Start the version of Earshot that made it, or a later one.'
    const found = `made by a later version (${newer.join(', ')})`
    return { migrated, finding: fail(what, found, advice) }
  }
  if (waiting.length === 0) return { migrated, finding: ok(what, 'up to date') }
  const advice = 'The next start runs them, or `npm run earshot -- migrate`.'
  return { migrated, finding: warn(what, `${waiting.length} migrations wait`, advice) }
}

const nameOf = (Migration: unknown): string => new (Migration as new () => { name: string })().name

const warnSkewMs = 2_000
const failSkewMs = 60_000

/** Schedules compare the processes' clocks with what the database holds. */
export async function checkClock({ owner }: OpenedDatabase): Promise<Finding> {
  const what = 'clock'
  const before = Date.now()
  const { rows } = await owner.query('select extract(epoch from clock_timestamp()) * 1000 as ms')
  const middle = (before + Date.now()) / 2
  const skewMs = Math.abs(Number(rows[0].ms) - middle)
  const found = `${(skewMs / 1_000).toFixed(1)} s apart from the database's`
  const advice = 'Run a time service (NTP) on both machines.'
  if (skewMs > failSkewMs) return fail(what, found, advice)
  return skewMs > warnSkewMs ? warn(what, found, advice) : ok(what, found)
}

export const databaseAway = (error: unknown): Finding =>
  fail('database', messageOf(error), 'Mend DATABASE_URL, or leave it out for the embedded one.')
