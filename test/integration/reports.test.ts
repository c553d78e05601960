import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { auditOf } from '../support/accounts.ts'
import { callApi, type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'

const at = { now: new Date('2026-11-20T12:00:00Z') }
const period = 'from=2026-11-01&to=2026-11-20'

type PlatformPart = Record<string, never> & { platform: string }
type Report = {
  definitions: { id: string }[]
  request: { platforms: string[]; sections: string[] }
  platforms: PlatformPart[]
}

let app: TestApp
let person: SignedIn
let collected: Collected
let channel: string

beforeAll(async () => {
  app = await startTestApp({ clock: { now: () => at.now } })
  person = await app.signIn()
  collected = await collectedBy(app, person)
  channel = await collected.source('youtube', 'ada')
  await collected.source('reddit', 'quiet')
  for (let index = 0; index < 12; index++) {
    await collected.post(channel, {
      published_at: `2026-11-${String(1 + index).padStart(2, '0')}T10:00:00Z`,
      title: `video ${index}`,
      views: 1_000 * (index + 1),
      likes: 10 * index,
      scores: index % 3 === 0 ? [0.7, 0.2, 0.1, -0.6] : [0.1, 0.1, 0.8, 0.7],
    })
  }
  for (const [day, followers] of [
    ['02', 100],
    ['10', 130],
    ['19', 150],
  ] as const) {
    await collected.client.query(
      `insert into source_samples (source_id, sampled_at, workspace_id, followers)
       values ($1, $2, $3, $4)`,
      [channel, `2026-11-${day}T00:00:00Z`, collected.workspaceId, followers],
    )
  }
})
afterAll(async () => {
  await collected.close()
  await app.close()
})

async function tokenFor(scopes: string[]): Promise<string> {
  const made = await person.call('POST', '/api/users/me/tokens', {
    name: scopes.join(),
    scopes,
    expiresInDays: 1,
    currentPassword: 'a-Long-passphrase-42',
  })
  return (made.body as { token: string }).token
}

const take = async (query: string) => {
  const { status, body } = await person.call('GET', `/api/export/report.json?${query}`)
  expect([status, status === 200 ? '' : body]).toEqual([200, ''])
  return body as Report
}

describe('a report', () => {
  test('tells each platform apart, what is known of it and what is not', async () => {
    const report = await take(`${period}&zone=Europe/Berlin`)
    expect(report.platforms.map(({ platform }) => platform).toSorted()).toEqual([
      'reddit',
      'twitch',
      'twitter',
      'youtube',
    ])
    const of = (name: string) => report.platforms.find(({ platform }) => platform === name)
    expect(of('youtube')).toMatchObject({
      analytics: { sources: 1, posts: 12, comments: 0, scored: 12, activeDays: 12 },
      engagement: { totals: { posts: 12, views: { value: 78_000, n: 12 } } },
      sentiment: { total: { n: 12, few: true, negative: { value: 4 / 12 } } },
      postingFrequency: { definition: 'posting_frequency', n: 12 },
      growth: {
        audience: [
          { source: { id: channel }, first: 100, last: 150, growth: { value: 0.5, n: 2 } },
        ],
      },
    })
    expect(of('reddit')).toMatchObject({
      analytics: { sources: 1, posts: 0 },
      sentiment: { total: { compound: { value: null, reason: 'no_texts' } }, mostPositive: [] },
      topContent: [],
      growth: { audience: [{ first: null, growth: { value: null } }] },
    })
    expect(of('twitch')).toMatchObject({ analytics: { sources: 0 }, growth: { audience: [] } })
  })

  test('counts the posts of its first quarter of an hour in every section', async () => {
    const wide = 'from=2026-11-03T10:07:00Z&to=2026-11-05T10:00:00Z&platforms=youtube'
    const [part] = (await take(wide)).platforms
    expect(part).toMatchObject({
      analytics: { posts: 2 },
      engagement: { totals: { posts: 2 } },
      sentiment: { total: { texts: 2 } },
    })
  })

  test('defines every figure that it holds, once, and holds nothing that JSON cannot say', async () => {
    const report = await take(period)
    const named = new Set<string>()
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      if ('definition' in value) named.add(String(value.definition))
      for (const inner of Object.values(value)) walk(inner)
    }
    walk(report.platforms)
    const defined = report.definitions.map(({ id }) => id)
    expect(new Set(defined).size).toBe(defined.length)
    expect([...named].filter((id) => !defined.includes(id))).toEqual([])
    expect(named.size).toBeGreaterThan(10)
  })

  test('holds the chosen platforms and sections alone', async () => {
    const report = await take(`${period}&platforms=youtube,reddit&sections=coverage,sentiment`)
    expect(report.request.platforms.toSorted()).toEqual(['reddit', 'youtube'])
    for (const part of report.platforms) {
      expect(Object.keys(part).toSorted()).toEqual(['coverage', 'platform', 'sentiment'])
    }
    for (const query of ['platforms=myspace', 'sections=gossip', 'from=2027-01-01']) {
      expect((await person.call('GET', `/api/export/report.json?${query}`)).status).toBe(400)
    }
  })

  test('wants the scope of exports, and is written down', async () => {
    const token = await tokenFor(['read'])
    const path = `/api/export/report.json?${period}`
    expect((await callApi(app.url, token, 'GET', path)).status).toBe(403)
    expect((await auditOf(app, 'export.taken')).at(-1)).toMatchObject({
      details: { format: 'report' },
    })
  })
})

describe('kept reports', () => {
  const path = '/api/analytics/reports'
  const keep = (name: string, request: object = { days: 30, platforms: ['youtube'] }) =>
    person.call('POST', path, { name, request })
  const idOf = ({ body }: { body: unknown }) => (body as { id: string }).id
  type Whole = { report: { platforms: PlatformPart[] } }
  const read = async (id: string) => (await person.call('GET', `${path}/${id}`)).body as Whole

  test('stay as they were on their day', async () => {
    const made = await keep('November')
    expect([made.status, made.body]).toEqual([201, expect.not.objectContaining({ report: {} })])
    const id = idOf(made)
    const first = await read(id)
    expect(first).toMatchObject(made.body)
    expect(first.report.platforms).toMatchObject([
      { platform: 'youtube', analytics: { posts: 12 } },
    ])
    await collected.post(channel, { published_at: '2026-11-15T10:00:00Z', title: 'late' })
    expect(await read(id)).toEqual(first)
    const fresh = await read(idOf(await keep('Anew')))
    expect(fresh.report.platforms).toMatchObject([{ analytics: { posts: 13 } }])
  })

  test('are listed without their data, newest first, and deleted', async () => {
    const { items } = (await person.call('GET', path)).body as {
      items: { id: string; name: string; request: object }[]
    }
    expect(items.map(({ name }) => name)).toEqual(['Anew', 'November'])
    expect(items[0]).toMatchObject({ request: { days: 30, platforms: ['youtube'] } })
    expect(items[0]).not.toHaveProperty('report')
    const own = `${path}/${items[0]?.id}`
    expect((await person.call('DELETE', own)).status).toBe(204)
    expect((await person.call('DELETE', own)).status).toBe(404)
    expect((await person.call('GET', own)).status).toBe(404)
  })

  test('are nobody else’s', async () => {
    const id = idOf(await keep('Ours'))
    const stranger = await app.signIn()
    for (const method of ['GET', 'DELETE']) {
      expect((await stranger.call(method, `${path}/${id}`)).status).toBe(404)
    }
    const list = await stranger.call('GET', path)
    expect(list.body).toEqual({ items: [], nextCursor: null })
  })

  test('are handed out as exports are: to who may export, and each time written down', async () => {
    const id = idOf(await keep('Taken'))
    const given = await Promise.all(
      ['read', 'write', 'export'].map(async (scope) => {
        const token = await tokenFor([scope])
        return (await callApi(app.url, token, 'GET', `${path}/${id}`)).status
      }),
    )
    expect(given).toEqual([403, 403, 200])
    expect((await person.call('DELETE', `${path}/${id}`)).status).toBe(204)
    const rows = await auditOf(app, 'report.created', 'export.taken', 'report.deleted')
    const ofIt = rows.filter(
      ({ object_kind, object_id }) => object_kind === 'report' && object_id === id,
    )
    expect(ofIt).toMatchObject([
      { action: 'report.created', workspace_id: collected.workspaceId },
      {
        action: 'export.taken',
        details: {
          format: 'report',
          from: expect.any(String),
          to: at.now.toISOString(),
          source: null,
        },
      },
      { action: 'report.deleted' },
    ])
  })

  test('of a period that cannot be are refused', async () => {
    const { status } = await keep('Never', { from: '2027-01-01', to: '2027-02-01' })
    expect(status).toBe(400)
    expect((await keep('', {})).status).toBe(400)
  })
})
