import { request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'

const now = new Date('2026-11-15T12:00:00Z')
type Row = Record<string, string>
type Json = Record<string, unknown>

let app: TestApp
let person: SignedIn
let mine: Collected
let source: string

beforeAll(async () => {
  app = await startTestApp({ clock: { now: () => now } })
  person = await app.signIn()
  mine = await collectedBy(app, person)
  source = await mine.source('twitter', '=handle')
})
afterAll(async () => {
  await mine.close()
  await app.close()
})

const get = (path: string, who = person) =>
  fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${who.token}` } })
async function text(path: string, who = person): Promise<string> {
  const response = await get(path, who)
  const body = Buffer.from(await response.arrayBuffer()).toString('utf8')
  expect({ status: response.status, body: response.ok || body }).toEqual({
    status: 200,
    body: true,
  })
  return body
}
const records = (csv: string): Row[] =>
  parse(csv, { columns: true, record_delimiter: '\r\n', bom: false }) as Row[]
const unguarded = (cell: string) => cell.replace(/^'(?='*[=+\-@\t\r\n＝＋－＠])/, '')
const clear = () => mine.client.query('delete from posts')

const nasty = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      ',',
      '\r',
      '\n',
      '\r\n',
      "'",
      '=',
      '\\',
      '\u0001',
      '\u0002',
      'a',
      '\t',
      '-',
    ),
  }),
  fc.constantFrom(
    '=1+1',
    "'=1",
    "''@x",
    '+1',
    '-1',
    '@a',
    '\tx',
    '\rx',
    '\nx',
    '＝1',
    '\\.',
    '""',
    '😀',
    '\uFEFFx',
    'x'.repeat(70_000),
  ),
)
const storable = nasty.map((value) => value.replaceAll('\u0000', '').toWellFormed())

describe('SEC-22: what comes back is what was collected', () => {
  test('in all three forms, whatever the cells hold', async () => {
    const post = fc.record({ title: fc.option(storable), body: storable, category: storable })
    await fc.assert(
      fc.asyncProperty(fc.array(post, { maxLength: 6 }), async (posts) => {
        await clear()
        for (const one of posts) await mine.post(source, one)
        const expected = posts.toReversed()
        const csv = await text('/api/export/posts.csv')
        expect(csv.endsWith('\r\n')).toBe(true)
        const rows = records(csv)
        expect(
          rows.map(({ title, body, category }) =>
            [title, body, category].map((cell) => unguarded(cell ?? '')),
          ),
        ).toEqual(expected.map(({ title, body, category }) => [title ?? '', body, category]))
        for (const cell of rows.flatMap((row) => [row.title, row.body, row.sourceHandle])) {
          expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/)
        }
        const json = JSON.parse(await text('/api/export/posts.json')) as Json[]
        expect(json.map(({ title, body, category }) => ({ title, body, category }))).toEqual(
          expected,
        )
        const lines = (await text('/api/export/posts.ndjson')).split('\n')
        expect(lines.pop()).toBe('')
        expect(lines.map((line) => JSON.parse(line))).toEqual(json)
      }),
      { numRuns: 25 },
    )
  })

  test('numbers are left alone, also negative ones; lists, times and scores have their forms', async () => {
    await clear()
    const author = await mine.author('twitter', '@ada')
    const id = await mine.post(source, {
      author_id: author,
      body: 'b',
      tags: ['zeta', 'alpha'],
      mentions: ['-x', 'y'],
      views: 9_007_199_254,
      published_at: '2026-11-10T01:02:03.000004Z',
      scores: [0.5, 0.25, 0.25, -0.25],
    })
    const [row] = records(await text('/api/export/posts.csv'))
    expect(row).toMatchObject({
      id,
      sourceHandle: "'=handle",
      authorHandle: "'@ada",
      hashtags: 'alpha zeta',
      mentions: "'-x y",
      views: '9007199254',
      likes: '',
      compound: '-0.25',
      sentiment: 'negative',
      publishedAt: '2026-11-10T01:02:03.000004+00:00',
    })
    const [object] = JSON.parse(await text('/api/export/posts.json')) as Json[]
    expect(object).toMatchObject({
      id,
      authorHandle: '@ada',
      hashtags: ['alpha', 'zeta'],
      mentions: ['-x', 'y'],
      views: 9_007_199_254,
      likes: null,
      compound: -0.25,
      publishedAt: '2026-11-10T01:02:03.000004+00:00',
    })
    expect(Object.keys(object ?? {})).toEqual(Object.keys(row ?? {}))
  })

  test('a file whose last block fills every buffer ends all the same', async () => {
    await clear()
    const body = 'long '.repeat(200_000)
    await mine.post(source, { body })
    for (const _ of [1, 2, 3]) {
      expect(JSON.parse(await text('/api/export/posts.json'))).toMatchObject([{ body }])
    }
  })

  test('no posts: a header, an empty array, nothing', async () => {
    const stranger = await app.signIn()
    const csv = await text('/api/export/posts.csv', stranger)
    expect([csv.split('\r\n').length, csv.startsWith('id,platform,kind,')]).toEqual([2, true])
    expect(await text('/api/export/posts.json', stranger)).toBe('[]\n')
    expect(await text('/api/export/posts.ndjson', stranger)).toBe('')
  })
})

describe('which posts', () => {
  beforeAll(async () => {
    await clear()
    const reddit = await mine.source('reddit', 'r')
    for (const [body, published_at] of [
      ['d1', '2026-11-15T11:59:59Z'],
      ['d7', '2026-11-08T12:00:00Z'],
      ['d8', '2026-11-08T11:59:59Z'],
      ['d30', '2026-10-16T12:00:00Z'],
      ['d80', '2026-08-30T00:00:00Z'],
    ] as const) {
      await mine.post(source, { body, published_at })
    }
    await mine.post(reddit, { body: 'r1', published_at: '2026-11-14T00:00:00Z' })
  })
  test.each([
    ['', 'd1 r1 d7 d8 d30'],
    ['days=7', 'd1 r1 d7'],
    ['days=90', 'd1 r1 d7 d8 d30 d80'],
    ['days=90&platform=reddit', 'r1'],
    ['platform=twitter', 'd1 d7 d8 d30'],
    ['from=2026-11-08T12:00:00Z&to=2026-11-14T00:00:01Z', 'r1 d7'],
    ['from=2026-08-01&to=2026-11-08', 'd30 d80'],
  ])('?%s', async (query, bodies) => {
    const rows = records(await text(`/api/export/posts.csv?${query}`))
    expect(rows.map(({ body }) => body).join(' ')).toBe(bodies)
  })
  test('?source, and its name and dates in the head', async () => {
    const response = await get(`/api/export/posts.csv?source=${source}&platform=twitter&days=7`)
    expect(records(await response.text()).map(({ body }) => body)).toEqual(['d1', 'd7'])
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(response.headers.get('content-disposition')).toBe(
      'attachment; filename="earshot-posts-twitter-2026-11-08-to-2026-11-15.csv"',
    )
    expect(response.headers.get('x-coverage')).toMatch(/^ratio=1.0000, gaps=0/)
  })
  test.each([
    'days=8',
    'days=7&from=2026-11-01',
    'from=2026-12-01',
    "platform=x'--",
    'source=1;drop',
  ])('?%s is refused', async (query) => {
    const response = await get(`/api/export/posts.csv?${query}`)
    expect([response.status, response.headers.get('content-disposition')]).toEqual([400, null])
    expect(response.headers.get('content-type')).toContain('application/problem+json')
  })
})

describe('with many posts', () => {
  const pool = () => app.parts.database.pool
  const isQuiet = () => pool().totalCount === pool().idleCount && pool().waitingCount === 0
  async function eventually(holds: () => boolean | Promise<boolean>) {
    for (let tries = 0; !(await holds()); tries++) {
      if (tries > 200) throw new Error('it never came to hold')
      await delay(25)
    }
  }
  const runningCopies = async () =>
    Number(
      (
        await mine.client.query(
          `select count(*) from pg_stat_activity
           where datname = current_database() and state = 'active' and query like 'copy (%'`,
        )
      ).rows[0].count,
    )

  /** Opens an export and stops reading after its first bytes. */
  const begin = (form = 'csv') =>
    new Promise<{ status: number; leave: () => void; ended: Promise<string> }>(
      (resolve, reject) => {
        const sent = request(
          `${app.url}/api/export/posts.${form}`,
          { headers: { authorization: `Bearer ${person.token}` }, agent: false },
          (response) => {
            response.pause()
            const ended = new Promise<string>((settle) => {
              response.on('error', () => settle('broken'))
              response.on('end', () => settle('whole'))
            })
            const leave = () => void response.destroy()
            resolve({ status: response.statusCode ?? 0, leave, ended: ended.finally(() => {}) })
            started.push(() => void response.resume())
          },
        )
        sent.on('error', reject)
        sent.end()
      },
    )
  const started: (() => void)[] = []

  beforeAll(async () => {
    await mine.client.query(
      `insert into posts (workspace_id, source_id, platform, kind, external_id, body, published_at, fetched_at)
       select $1, $2, 'twitter', 'tweet', 'many' || i, repeat('lorem ipsum, ', 30),
         '2026-11-01'::timestamptz + i * interval '1 second', now() from generate_series(1, 100000) i`,
      [mine.workspaceId, source],
    )
  })

  test('clients that leave free their connection, their place and the server', async () => {
    for (let round = 0; round < 12; round++) {
      const one = await begin(['csv', 'json', 'ndjson'][round % 3])
      expect(one.status).toBe(200)
      one.leave()
      await eventually(isQuiet)
    }
    await eventually(async () => (await runningCopies()) === 0)
    expect((await person.call('GET', '/api/posts?limit=1')).status).toBe(200)
    expect(records(await text('/api/export/posts.csv?days=7')).length).toBeGreaterThan(0)
    await eventually(isQuiet)
  })

  test('a third export at once waits its turn', async () => {
    const [first, second] = [await begin(), await begin()]
    const third = await get('/api/export/posts.csv')
    expect([third.status, third.headers.get('retry-after')]).toEqual([429, '10'])
    expect(third.headers.get('content-disposition')).toBeNull()
    await third.text()
    first.leave()
    second.leave()
    await eventually(isQuiet)
    expect((await get('/api/export/posts.csv?days=7')).status).toBe(200)
  })

  test('an export that fails midway ends in a broken connection', async () => {
    const one = await begin()
    await mine.client.query('reset role')
    await mine.client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and query like 'copy (%'`,
    )
    await mine.client.query('set role earshot_app')
    for (const resume of started) resume()
    expect(await one.ended).toBe('broken')
    await eventually(isQuiet)
    expect((await person.call('GET', '/api/posts?limit=1')).status).toBe(200)
  })

  test('rows are counted when the file is whole', async () => {
    const scrape = async () =>
      Number(
        /^earshot_export_rows_total (\d+)/m.exec(await app.parts.metrics.registry.metrics())?.[1],
      )
    const before = await scrape()
    const lines = (await text('/api/export/posts.ndjson')).split('\n').length - 1
    await eventually(async () => (await scrape()) - before === lines)
    expect(lines).toBeGreaterThan(100_000)
  })
})
