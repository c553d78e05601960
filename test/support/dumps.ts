import type { Redis } from 'ioredis'
import type pg from 'pg'
import type { Place } from './canaries.ts'
import { asOwner } from './servers.ts'

const tablesOf = async (client: pg.Client): Promise<string[]> => {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
  )
  return rows.map(({ name }) => name)
}

/** Asks about every table; the owner, who is under row-level security too, steps out of it for that. */
async function askTables<Answer>(
  ownerUrl: string,
  ask: (client: pg.Client, table: string) => Promise<Answer>,
): Promise<[table: string, answer: Answer][]> {
  return asOwner(ownerUrl, async (client) => {
    const answers: [string, Answer][] = []
    for (const table of await tablesOf(client)) {
      await client.query('begin')
      await client.query(`alter table ${table} no force row level security`)
      answers.push([table, await ask(client, table)])
      await client.query('rollback')
    }
    return answers
  })
}

/** Every row of every table of ours as text, one place a table; bytes are in hex. */
export async function dumpDatabase(ownerUrl: string): Promise<Place[]> {
  const answers = await askTables(ownerUrl, async (client, table) => {
    const { rows } = await client.query<{ row: string }>(`select t::text as row from ${table} t`)
    return rows.map(({ row }) => row).join('\n')
  })
  return answers.map(([where, text]) => ({ where, text }))
}

/** How many rows every table has. */
export async function countRows(ownerUrl: string): Promise<Record<string, number>> {
  const answers = await askTables(ownerUrl, async (client, table) => {
    const { rows } = await client.query(`select count(*)::int as count from ${table}`)
    return Number(rows[0].count)
  })
  return Object.fromEntries(answers)
}

const readers: Record<string, (redis: Redis, key: string) => Promise<unknown>> = {
  string: (redis, key) => redis.get(key),
  hash: (redis, key) => redis.hgetall(key),
  list: (redis, key) => redis.lrange(key, 0, -1),
  set: (redis, key) => redis.smembers(key),
  zset: (redis, key) => redis.zrange(key, '0', '-1', 'WITHSCORES'),
  stream: (redis, key) => redis.xrange(key, '-', '+'),
}

/** Every key of a Redis with what it holds. */
export async function dumpRedis(redis: Redis): Promise<Place[]> {
  const places: Place[] = []
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key)
    const value = await readers[type]?.(redis, key)
    places.push({ where: `Redis ${type} ${key}`, text: `${key} ${JSON.stringify(value)}` })
  }
  return places
}
