import pg from 'pg'
import { watchQueries } from '../../src/database/slow-queries.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { recordLog } from '../support/log-lines.ts'

let database: TestDatabase
let pool: pg.Pool
const { log, lines, text } = recordLog()
const seen: { seconds: number; slow: boolean }[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  pool = new pg.Pool({ connectionString: database.ownerUrl, max: 2 })
  watchQueries(pool, { slowQueryMs: 40, log, onQuery: (query) => void seen.push(query) })
})
afterAll(async () => {
  await pool.end()
  await database.close()
})

test('a slow query is logged by its text, without its values', async () => {
  await pool.query('select $1::text, pg_sleep(0.08)', ['canary-of-a-parameter'])
  await pool.query('select 1')
  expect(seen.map(({ slow }) => slow)).toEqual([true, false])
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    message: 'slow query',
    sql: 'select $1::text, pg_sleep(0.08)',
  })
  expect(text()).not.toContain('canary')
})

test('a held connection is timed once for each query, and failures pass through', async () => {
  const before = seen.length
  const client = await pool.connect()
  try {
    await client.query('select 1')
    await expect(client.query('select nothing_there')).rejects.toThrow('nothing_there')
  } finally {
    client.release()
  }
  await pool.query('select 1')
  expect(seen.length - before).toBe(3)
})
