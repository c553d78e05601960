import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import pg from 'pg'
import { migrations } from '../../migrations/index.ts'
import { createLogger } from '../../src/core/logger.ts'
import { openEmbeddedPostgres } from '../../src/database/embedded/index.ts'
import { migrate } from '../../src/database/migrate.ts'
import { entities } from '../../src/entities.ts'

/** A test reads the real environment here and nowhere else. */
const { DATABASE_URL } = process.env

export type TestServer = { ownerUrl: string; close: () => Promise<void> }

/** The server of DATABASE_URL, or our own embedded one without the waits for the disk. */
export async function openTestServer(): Promise<TestServer> {
  if (DATABASE_URL) return { ownerUrl: DATABASE_URL, close: async () => {} }
  return openEmbeddedPostgres({
    folder: resolve('.earshot/test-postgres'),
    log: () => {},
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  })
}

export const onDatabase = (url: string, name: string): string => {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

export async function asOwner<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** One migrated database, made once for each state of the migrations, that every suite clones. */
async function templateName(): Promise<string> {
  const hash = createHash('sha256')
  for (const file of globSync('migrations/**/*.ts').toSorted()) hash.update(readFileSync(file))
  hash.update(readFileSync('src/database/migrate.ts'))
  return `earshot_template_${hash.digest('hex').slice(0, 12)}`
}

export async function ensureTemplate(ownerUrl: string): Promise<string> {
  const name = await templateName()
  await asOwner(ownerUrl, async (client) => {
    await client.query(`select pg_advisory_lock(hashtext('earshot.test-template'))`)
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount) return
    await client.query(`drop database if exists ${name}_new`)
    await client.query(`create database ${name}_new`)
    await migrate({
      ownerUrl: onDatabase(ownerUrl, `${name}_new`),
      entities,
      migrations,
      log: createLogger({ level: 'silent', name: 'test' }),
    })
    await client.query(`alter database ${name}_new rename to ${name}`)
  })
  return name
}
