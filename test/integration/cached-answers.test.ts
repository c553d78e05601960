import type { EntityManager } from '@mikro-orm/postgresql'
import { forWorkspace } from '../../src/database/database.ts'
import { dataVersion } from '../../src/features/rollups/index.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { asOwner } from '../support/servers.ts'
import { addMember, newPerson, openTeam, type Person } from '../support/team.ts'
import { cachedRoutes, namesInSource } from '../support/tenancy/cached-routes.ts'
import { leaksIn } from '../support/tenancy/questions.ts'
import { type Belongings, fill, type Secret, spreadIds } from '../support/tenancy/twins.ts'

/** As many changes in each workspace, at other hours and under other tags. */
const belongings = (tag: string, hoursLater: number): Belongings => [
  {
    platform: 'twitter',
    handle: 'ada',
    posts: [1, 2, 3].map((n) => ({
      externalId: `${n}`,
      text: `hello ${n}`,
      tag,
      author: 'eve',
      hoursAgo: n + hoursLater,
    })),
  },
]

let app: TestApp
let both: Person
let hers: Secret
let theirs: Secret
let herVersion: string
let theirVersion: string

beforeAll(async () => {
  app = await startTestApp()
  await spreadIds(app)
  const owner = await newPerson(app)
  both = await newPerson(app)
  hers = await fill(app, await openTeam(owner), belongings('launchhers', 1))
  theirs = await fill(app, await openTeam(owner), belongings('launchtheirs', 20))
  for (const { workspaceId } of [hers, theirs]) {
    await addMember(app, workspaceId, both.userId, 'editor')
  }
  ;[herVersion, theirVersion] = [await sameStart(hers), await sameStart(theirs)]
})
afterAll(() => app?.close())

/** An experiment and a common tag more, and no run, whose id would tell the two versions of data apart. */
const sameStart = async ({ workspaceId, ids }: Secret): Promise<string> => {
  await asOwner(app.ownerUrl, async (client) => {
    await client.query('set role earshot_app')
    await client.query(`select set_config('app.workspace_id', $1, false)`, [workspaceId])
    await client.query('delete from job_executions')
    const { rows } = await client.query<{ id: string }>(
      `insert into experiments (workspace_id, name, hypothesis, kind, treatment, metric,
         baseline_from, starts_at, ends_at, created_at)
        values ($1, 'a', 'b', 'posting_times',
          '{"kind":"posting_times","zone":"UTC","hours":[3]}', 'engagement',
          now() - interval '3 days', now() - interval '2 days', now(), now()) returning id::text`,
      [workspaceId],
    )
    for (const { id } of rows) ids.set(id, 'experiments')
    await client.query(
      `insert into post_tags select workspace_id, 'launch', published_at, id from posts`,
    )
  })
  const em = app.parts.database.orm.em.fork() as EntityManager
  return forWorkspace(em, workspaceId).transactional((tx) => dataVersion(tx as EntityManager))
}

const ask = async ({ workspaceId }: Secret, url: string) => {
  const { status, body } = await both.callIn(workspaceId, 'GET', url)
  return { status, text: JSON.stringify(body) }
}

test('every question whose answer is kept is asked here', () => {
  const known = Object.keys(cachedRoutes)
  const advice = (name: string) =>
    `${name}: say an address that asks it in test/support/tenancy/cached-routes.ts`
  const names = namesInSource()
  expect(names.filter((name) => !known.includes(name)).map(advice)).toEqual([])
  expect(known.filter((name) => !names.includes(name))).toEqual([])
})

test('the two workspaces have other data under one version', () => {
  expect(herVersion).toMatch(/^[1-9]/)
  expect(theirVersion).toBe(herVersion)
})

/** What is the same to both here: no threads, labels or samples at fixed ages, and too few days. */
const sayLittle = [
  ...['comment-depths', 'viral-chains', 'sentiment/agreement', 'engagement-comparison'],
  ...['forecast', 'anomalies'],
]

describe.each(Object.entries(cachedRoutes))('SEC-14: the kept answer to %s', (name, urlOf) => {
  test.each([
    ['hers before theirs', () => [hers, theirs] as const],
    ['theirs before hers', () => [theirs, hers] as const],
  ])('is not given to the other workspace: %s', async (_order, sides) => {
    const [mine, other] = sides()
    const url = urlOf(mine)
    const first = await ask(mine, url)
    expect([url, first.status, first.text]).toEqual([url, 200, expect.any(String)])
    const second = await ask(other, url)
    // What was asked for may be said again, by a refusal too.
    const told = leaksIn(second.text, mine).filter((one) => !url.includes(one))
    expect([url, told, leaksIn(first.text, other)]).toEqual([url, [], []])
    if (!sayLittle.includes(name)) expect(second.text).not.toBe(first.text)
    expect(await ask(mine, url)).toEqual(first)
  })
})
