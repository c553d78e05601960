import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Draws, draws } from '../../bench/analytics/planted.ts'
import { callApi, password, type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'
import { lookAfterADay, type Planned, publish } from '../support/measured-world.ts'

const at = { now: new Date('2026-11-20T12:00:00Z') }
const path = '/api/analytics/experiments'
const hourMs = 3_600_000
let app: TestApp
let person: SignedIn
let mine: Collected

beforeAll(async () => {
  app = await startTestApp({ clock: { now: () => at.now } })
})
afterAll(() => app.close())

async function asSomeone(work: () => Promise<void>) {
  at.now = new Date('2026-11-20T12:00:00Z')
  person = await app.signIn()
  mine = await collectedBy(app, person)
  await work().finally(() => mine.close())
}

type Figure = { value: number | null; low?: number; high?: number; n: number; reason?: string }
type Experiment = {
  id: string
  state: string
  statedLate: boolean
  provisional: boolean
  verdict: string
  expectation: string | null
  summary: string
  stoppedAt: string | null
  measurement: {
    method: string
    effect: Figure
    before: Figure | null
    witnesses: string | null
    treated: { posts: number; units: number }
    control: { posts: number; units: number }
  } | null
}

const evenings = { kind: 'posting_times', hours: [18, 19, 20], zone: 'Europe/Berlin' }
const stated = {
  name: 'Evenings',
  hypothesis: 'Posts in the evening gather a third more.',
  treatment: evenings,
  baselineFrom: '2026-09-01T00:00:00Z',
  startsAt: '2026-10-01T00:00:00Z',
  endsAt: '2026-11-01T00:00:00Z',
  expectedLift: 0.3,
}

/** The clock moves on by weeks, and the person signs in anew. */
async function moveTo(time: string) {
  at.now = new Date(time)
  const { email } = person
  const { body } = await callApi(app.url, null, 'POST', '/api/auth/login', { email, password })
  const { accessToken: token } = body as { accessToken: string }
  person = {
    ...person,
    token,
    call: (method, route, sent) => callApi(app.url, token, method, route, sent),
  }
}

async function create(change: object = {}): Promise<Experiment> {
  const { status, body } = await person.call('POST', path, { ...stated, ...change })
  expect({ status, body }).toMatchObject({ status: 201 })
  return body
}
async function read(id: string): Promise<Experiment> {
  const { status, body } = await person.call('GET', `${path}/${id}`)
  expect({ status, body }).toMatchObject({ status: 200 })
  expect(JSON.stringify(body)).not.toMatch(/NaN|Infinity/)
  return body
}

type Made = Planned & { dayLikes: number }

/** Publishes, and looks a day later. */
async function write(source: string, posts: readonly Made[]) {
  const ids = await publish(
    mine,
    source,
    posts.map(({ dayLikes: _, ...post }) => post),
  )
  await lookAfterADay(
    mine,
    ids.map((id, index) => ({ id, likes: posts[index]?.dayLikes ?? 0 })),
  )
}

/** Posts at any hour from September to November; `mean` says what they gather. */
function written(draw: Draws, count: number, mean: (ms: number) => number): Made[] {
  const from = Date.parse('2026-09-01T00:00:00Z')
  return Array.from({ length: count }, () => {
    const ms = from + draw.whole(61 * 24) * hourMs + draw.whole(3_600_000)
    const dayLikes = Math.round(mean(ms) * Math.exp(0.4 * draw.normal()))
    return { at: new Date(ms).toISOString(), dayLikes }
  })
}
/** Berlin is two hours ahead of UTC until 25 October, then one. */
const isEvening = (ms: number) => {
  const hour = new Date(
    ms + (ms < Date.parse('2026-10-25T01:00:00Z') ? 2 : 1) * hourMs,
  ).getUTCHours()
  return hour >= 18 && hour <= 20
}

describe('hours', () => {
  test('that do better are measured within each source, in the zone of the hypothesis', () =>
    asSomeone(async () => {
      const draw = draws(1)
      for (const [handle, level] of [
        ['small', 40],
        ['large', 4_000],
      ] as const) {
        const source = await mine.source('twitter', handle)
        await write(
          source,
          written(draw, 500, (ms) => level * (isEvening(ms) ? 1.5 : 1)),
        )
      }
      const { id, state, statedLate } = await create()
      expect({ state, statedLate }).toEqual({ state: 'ended', statedLate: true })
      const told = await read(id)
      expect(told).toMatchObject({
        provisional: false,
        verdict: 'better',
        measurement: { method: 'within_sources', witnesses: 'posts' },
      })
      expect(told.measurement?.effect.low).toBeGreaterThan(0.25)
      expect(told.measurement?.effect.low).toBeLessThan(0.5)
      expect(told.measurement?.effect.high).toBeGreaterThan(0.5)
      expect(told.measurement?.before?.value).toBeGreaterThan(0.25)
      expect(told.measurement?.treated.units).toBe(2)
      expect(told.summary).toMatch(
        /^Treated posts did better: \+\d+ % \(between \+\d+ % and \+\d+ %\)\./,
      )
      // The same posts by the hours of UTC: two hours off for most of the time.
      const utc = await create({ treatment: { ...evenings, zone: 'UTC' } })
      const off = await read(utc.id)
      expect(off.measurement?.effect.value).toBeLessThan(
        (told.measurement?.effect.value ?? 0) - 0.1,
      )
    }))

  test('that do not differ are called so, and what can be ruled out is ruled out', () =>
    asSomeone(async () => {
      const draw = draws(2)
      const source = await mine.source('twitter', 'ada')
      await write(
        source,
        written(draw, 900, () => 100),
      )
      const { id } = await create({ treatment: { ...evenings, sources: [source] } })
      const told = await read(id)
      expect(told).toMatchObject({ verdict: 'no_reliable_difference', expectation: 'missed' })
      expect(told.summary).toMatch(/No reliable difference.*\+30 % can be ruled out/)
    }))

  test('can be named slot by slot', () =>
    asSomeone(async () => {
      const source = await mine.source('twitter', 'ada')
      await write(
        source,
        written(draws(3), 300, () => 10),
      )
      const slots = [
        { weekday: 1, hour: 9 },
        { weekday: 2, hour: 9 },
      ]
      const { id } = await create({ treatment: { kind: 'posting_times', slots } })
      const { treated, control } = (await read(id)).measurement ?? {}
      const { rows } = await mine.client.query(
        `select count(*) filter (where extract(isodow from p at time zone 'UTC') in (1, 2)
             and extract(hour from p at time zone 'UTC') = 9)::int as treated, count(*)::int as all
         from (select published_at as p from posts where published_at >= '2026-10-01'
           and published_at < '2026-11-01') x`,
      )
      expect(treated?.posts).toBe(rows[0].treated)
      expect(control?.posts).toBe(rows[0].all - rows[0].treated)
    }))
})

test('who is coached is compared with how others changed', () =>
  asSomeone(async () => {
    const draw = draws(4)
    const source = await mine.source('twitter', 'list')
    const authors: string[] = []
    for (let index = 0; index < 24; index++) {
      authors.push(await mine.author('twitter', `author${index}`))
    }
    const coached = authors.slice(0, 6)
    const start = Date.parse(stated.startsAt)
    for (const author of authors) {
      const level = 20 * Math.exp(draw.normal())
      const own = 0.1 * draw.normal()
      const posts = written(draw, 60, (ms) => {
        // Everybody's October was a fifth better, the coached did half as well again.
        if (ms < start) return level
        return level * 1.2 * Math.exp(own) * (coached.includes(author) ? 1.5 : 1)
      })
      await write(
        source,
        posts.map(({ dayLikes, ...post }) => ({ ...post, author, dayLikes })),
      )
    }
    const { id } = await create({
      treatment: { kind: 'coach_authors', authorIds: coached },
      expectedLift: 0.15,
    })
    const told = await read(id)
    expect(told).toMatchObject({
      verdict: 'better',
      measurement: {
        method: 'difference_in_differences',
        witnesses: 'authors',
        treated: { units: 6 },
        control: { units: 18 },
      },
    })
    expect(told.measurement?.effect.low).toBeLessThan(0.5)
    expect(told.measurement?.effect.high).toBeGreaterThan(0.5)
    expect(told.measurement?.effect.low).toBeGreaterThan(0.2)
    expect(told.expectation).toBe('met')
  }))

test('promoted posts are compared with the others of their sources', () =>
  asSomeone(async () => {
    const draw = draws(5)
    const ada = await mine.source('twitter', 'ada')
    const idle = await mine.source('twitter', 'never-promoted')
    const posts = written(draw, 400, () => 50).map((post, index) => {
      const promoted = index % 8 === 0
      return { ...post, promoted, dayLikes: post.dayLikes * (promoted ? 2 : 1) }
    })
    await write(ada, posts)
    await write(
      idle,
      written(draw, 200, () => 9_000),
    )
    const { id } = await create({ treatment: { kind: 'promotion' } })
    const { measurement, verdict } = await read(id)
    const inWindow = posts.filter((post) => post.at >= '2026-10-01' && post.at < '2026-11-01')
    const promoted = inWindow.filter((post) => post.promoted).length
    expect(verdict).toBe('better')
    expect(measurement).toMatchObject({
      before: null,
      treated: { posts: promoted, units: 1 },
      control: { posts: inWindow.length - promoted, units: 1 },
    })
    expect(measurement?.effect.low).toBeGreaterThan(0.6)
    expect(measurement?.effect.high).toBeLessThan(1.6)
  }))

describe('what is not known yet', () => {
  test('planned, too early, provisional, ended: each is said', () =>
    asSomeone(async () => {
      const source = await mine.source('twitter', 'ada')
      const draw = draws(6)
      await write(
        source,
        written(draw, 600, (ms) => (isEvening(ms) ? 200 : 100)),
      )
      await moveTo('2026-09-20T00:00:00Z')
      const { id, state, statedLate } = await create()
      expect({ state, statedLate }).toEqual({ state: 'planned', statedLate: false })
      expect(await read(id)).toMatchObject({
        verdict: 'not_started',
        measurement: null,
        provisional: true,
      })
      await moveTo('2026-10-02T00:00:00Z')
      expect(await read(id)).toMatchObject({
        state: 'running',
        verdict: 'too_early',
        measurement: null,
      })
      await moveTo('2026-10-20T00:00:00Z')
      const running = await read(id)
      expect(running).toMatchObject({ state: 'running', verdict: 'better', provisional: true })
      expect(running.summary).toMatch(/until 2026-11-01: until then this is provisional/)
      await moveTo('2026-11-01T12:00:00Z')
      expect(await read(id)).toMatchObject({ state: 'ended', provisional: true })
      await moveTo('2026-11-03T00:00:00Z')
      expect(await read(id)).toMatchObject({
        state: 'ended',
        provisional: false,
        verdict: 'better',
      })
    }))

  test('stopped before its horizon says that it promises too much; twice is refused', () =>
    asSomeone(async () => {
      await moveTo('2026-10-20T00:00:00Z')
      const { id } = await create()
      const stopped = await person.call('PATCH', `${path}/${id}`, { stop: true, name: 'Given up' })
      expect(stopped).toMatchObject({
        status: 200,
        body: { state: 'stopped', stoppedAt: at.now.toISOString(), name: 'Given up' },
      })
      expect((await person.call('PATCH', `${path}/${id}`, { stop: true })).status).toBe(409)
      const told = await read(id)
      expect(told).toMatchObject({ verdict: 'too_few', provisional: false })
      expect(told.summary).toMatch(/too few posts.*stopped before its horizon/)
    }))

  test('others who never change tell nothing of luck, and no verdict is made of them', () =>
    asSomeone(async () => {
      const source = await mine.source('twitter', 'list')
      const authors: string[] = []
      for (const handle of ['coached', 'idle', 'asleep']) {
        authors.push(await mine.author('twitter', handle))
      }
      for (const [index, author] of authors.entries()) {
        const posts = Array.from({ length: 40 }, (_, day) => {
          const at = new Date(Date.UTC(2026, 8, 10 + day, 9)).toISOString()
          return { at, author, dayLikes: index === 0 && at >= stated.startsAt ? 40 : 5 }
        })
        await write(source, posts)
      }
      const { id } = await create({
        treatment: { kind: 'coach_authors', authorIds: authors.slice(0, 1) },
        expectedLift: 0.3,
      })
      const told = await read(id)
      expect(told).toMatchObject({
        verdict: 'no_variation',
        expectation: null,
        measurement: {
          effect: { value: null, reason: 'no_variation' },
          pValue: null,
          witnesses: null,
          treated: { units: 1 },
          control: { units: 2 },
        },
      })
      expect(told.summary).toMatch(/always the same/)
    }))

  test('nobody wrote anything', () =>
    asSomeone(async () => {
      const { id } = await create()
      expect(await read(id)).toMatchObject({
        verdict: 'too_few',
        expectation: null,
        measurement: { effect: { value: null, n: 0, reason: 'too_few' }, treated: { posts: 0 } },
      })
      const author = await mine.author('reddit', 'a')
      const coaching = await create({ treatment: { kind: 'coach_authors', authorIds: [author] } })
      expect((await read(coaching.id)).verdict).toBe('too_few')
    }))
})

test('listed newest first, page by page, and gone when deleted', () =>
  asSomeone(async () => {
    const ids: string[] = []
    for (let index = 0; index < 3; index++) ids.push((await create({ name: `n${index}` })).id)
    type Page = { items: Experiment[]; nextCursor: string | null }
    const first = (await person.call('GET', `${path}?limit=2`)).body as Page
    const second = (await person.call('GET', `${path}?limit=2&cursor=${first.nextCursor}`))
      .body as Page
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids.toReversed())
    expect(second.nextCursor).toBeNull()
    expect((await person.call('DELETE', `${path}/${ids[0]}`)).status).toBe(204)
    expect((await person.call('GET', `${path}/${ids[0]}`)).status).toBe(404)
    const log = (await person.call('GET', '/api/audit?action=experiment')).body as {
      items: { action: string }[]
    }
    expect(log.items.map(({ action }) => action)).toContain('experiment.deleted')
  }))

describe('refused', () => {
  test.each([
    [{ endsAt: '2026-09-30T00:00:00Z' }, '/endsAt'],
    [{ endsAt: '2029-01-01T00:00:00Z' }, '/endsAt'],
    [{ baselineFrom: '2026-10-01T00:00:00Z' }, '/baselineFrom'],
    [{ baselineFrom: '2020-10-01T00:00:00Z' }, '/baselineFrom'],
    [{ name: ' ' }, '/name'],
    [{ metric: 'luck' }, '/metric'],
    [{ expectedLift: -2 }, '/expectedLift'],
    [{ treatment: { ...evenings, zone: 'Mars/Olympus' } }, '/treatment/zone'],
    [{ treatment: { kind: 'posting_times' } }, '/treatment'],
    [{ treatment: { kind: 'posting_times', weekdays: [1, 2, 3, 4, 5, 6, 7] } }, '/treatment'],
    [{ treatment: { ...evenings, hours: [24] } }, '/treatment/hours/0'],
    [{ treatment: { ...evenings, sources: ['999999999'] } }, '/treatment/sources'],
    [{ treatment: { kind: 'coach_authors', authorIds: ['999999999'] } }, '/treatment/authorIds'],
    [{ treatment: { kind: 'magic' } }, '/treatment/kind'],
  ])('%j', (change, pointer) =>
    asSomeone(async () => {
      const { status, body } = await person.call('POST', path, { ...stated, ...change })
      expect({
        status,
        pointer: (body as { errors: { pointer: string }[] }).errors[0]?.pointer,
      }).toEqual({ status: 400, pointer })
    }),
  )

  test('what is of another workspace', () =>
    asSomeone(async () => {
      const { id } = await create()
      const other = await app.signIn()
      for (const [method, body] of [['GET'], ['PATCH', { name: 'x' }], ['DELETE']] as const) {
        expect((await other.call(method, `${path}/${id}`, body)).status).toBe(404)
      }
      const source = await mine.source('twitter', 'ada')
      const treatment = { ...evenings, sources: [source] }
      expect((await other.call('POST', path, { ...stated, treatment })).status).toBe(400)
    }))
})
