import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { signInAdmin, type Told, tell } from '../support/feedback.ts'
import { faultsOf } from '../support/problems.ts'
import { asOwner } from '../support/servers.ts'

const start = new Date('2026-11-21T12:00:00Z')
const at = { now: start }
const hourMs = 3_600_000
let app: TestApp
let admin: SignedIn & { id: string }
beforeEach(async () => {
  at.now = start
  app = await startTestApp({ clock: { now: () => at.now } })
  admin = await signInAdmin(app)
})
afterEach(() => app.close())

type Handled = Told & {
  writer: { id: string; email: string }
  assignedTo: { id: string; email: string } | null
  notes: { author: { email: string } | null; body: string }[]
}
const handle = async (id: string, change: object) => {
  const answer = await admin.call('PATCH', `/api/admin/feedback/${id}`, change)
  return answer.body as unknown as Handled
}
const page = async (query = '') => {
  const { body } = await admin.call('GET', `/api/admin/feedback?${query}`)
  return body as { items: Handled[]; nextCursor: string | null }
}
const ids = async (query: string) => (await page(query)).items.map(({ id }) => id)
const later = (hours: number) => {
  at.now = new Date(at.now.getTime() + hours * hourMs)
}

test('SEC-11: nobody else comes in', async () => {
  const person = await app.signIn()
  const { id } = await tell(person)
  const asked = await Promise.all([
    person.call('GET', '/api/admin/feedback'),
    person.call('GET', `/api/admin/feedback/${id}`),
    person.call('PATCH', `/api/admin/feedback/${id}`, { status: 'completed' }),
    person.call('POST', `/api/admin/feedback/${id}/notes`, { body: 'x' }),
    person.call('GET', `/api/admin/feedback/${id}/screenshot`),
    person.call('GET', '/api/admin/feedback/statistics'),
    person.call('GET', '/api/admin/feedback/trends'),
  ])
  for (const answer of asked) expect(faultsOf(answer, [403])).toEqual([])
})

test('a feedback moves on; its writer sees what became of it, and no note', async () => {
  const person = await app.signIn()
  const { id } = await tell(person)
  later(1)
  expect(await handle(id, { status: 'in_progress', assignedTo: admin.id })).toMatchObject({
    status: 'in_progress',
    writer: { email: person.email },
    assignedTo: { id: admin.id, email: admin.email },
    resolvedAt: null,
  })
  const noted = await admin.call('POST', `/api/admin/feedback/${id}/notes`, { body: 'canary-note' })
  expect([noted.status, (noted.body as Handled).notes]).toEqual([
    201,
    [
      expect.objectContaining({
        body: 'canary-note',
        author: { id: admin.id, email: admin.email },
      }),
    ],
  ])
  later(1)
  const done = await handle(id, { status: 'completed', resolution: 'It loads again.' })
  expect(done.resolvedAt).toBe(at.now.toISOString())
  later(1)
  expect((await handle(id, { status: 'wont_fix' })).resolvedAt).toBe(done.resolvedAt)
  const seen = await person.call('GET', `/api/feedback/${id}`)
  expect(seen.body).toMatchObject({ status: 'wont_fix', resolution: 'It loads again.' })
  expect(JSON.stringify(seen.body)).not.toMatch(/canary-note|notes|assigned/)
  expect((await handle(id, { status: 'reviewing' })).resolvedAt).toBeNull()
})

test('only an administrator can be the one who sees to it', async () => {
  const person = await app.signIn()
  const { id } = await tell(person)
  const { writer } = await handle(id, { status: 'reviewing' })
  for (const assignedTo of [writer.id, '9007199254740993']) {
    const answer = await admin.call('PATCH', `/api/admin/feedback/${id}`, { assignedTo })
    expect(faultsOf(answer, [400], 'body/assignedTo')).toEqual([])
  }
  expect(await handle(id, { assignedTo: admin.id })).toMatchObject({ status: 'reviewing' })
  expect((await handle(id, { assignedTo: null })).assignedTo).toBeNull()
})

test('SEC-30: each step stands in the audit log, without a word that was written', async () => {
  const { id } = await tell(await app.signIn(), { title: 'canary-title' })
  await handle(id, { status: 'completed', resolution: 'canary-resolution' })
  await admin.call('POST', `/api/admin/feedback/${id}/notes`, { body: 'canary-note' })
  const { rows } = await asOwner(app.ownerUrl, async (client) => {
    await client.query('set role earshot_system')
    return client.query(`select action, actor_id, object_kind, object_id, workspace_id, details
      from audit_log where action like 'feedback.%' order by id`)
  })
  const common = { action: 'feedback.updated', actor_id: admin.id, workspace_id: null }
  const object = { object_kind: 'feedback', object_id: id }
  expect(rows).toEqual([
    {
      ...common,
      ...object,
      details: { status: { from: 'new', to: 'completed' }, resolution: 'written' },
    },
    { ...common, ...object, details: { note: expect.stringMatching(/^\d+$/) } },
  ])
})

test('filters and orders, page by page', async () => {
  const [ada, bob] = [await app.signIn(), await app.signIn()]
  const make = async (person: SignedIn, more: object) => {
    later(1)
    return (await tell(person, more)).id
  }
  const a = await make(ada, { title: 'Slow 100% of the time', satisfaction: 2 })
  const b = await make(bob, { type: 'question', description: 'What is a_sample?', satisfaction: 5 })
  const c = await make(ada, { type: 'question' })
  await handle(a, { status: 'planned', assignedTo: admin.id })
  expect(await ids('')).toEqual([c, b, a])
  expect(await ids('sort=oldest')).toEqual([a, b, c])
  expect(await ids('sort=least_satisfied')).toEqual([a, b, c])
  later(1)
  await handle(a, { status: 'reviewing' })
  expect(await ids('sort=updated')).toEqual([a, c, b])
  expect(await ids('type=question&status=new')).toEqual([c, b])
  expect(await ids(`assignedTo=${admin.id}`)).toEqual([a])
  expect(await ids('assignedTo=nobody')).toEqual([c, b])
  expect(await ids('minRating=3')).toEqual([b])
  expect(await ids('text=100%25')).toEqual([a])
  expect(await ids('text=A_SAMPLE')).toEqual([b])
  expect(await ids('text=axsample')).toEqual([])
  expect(await ids('from=2026-11-21T14:00:00Z&to=2026-11-21T15:00:00Z')).toEqual([b])
  for (const sort of ['newest', 'oldest', 'updated', 'least_satisfied']) {
    const whole = await ids(`sort=${sort}`)
    const found: string[] = []
    let cursor = ''
    for (let number = 0; number < 3; number += 1) {
      const { items, nextCursor } = await page(`sort=${sort}&limit=1${cursor}`)
      found.push(...items.map(({ id }) => id))
      cursor = `&cursor=${nextCursor}`
    }
    expect([sort, found]).toEqual([sort, whole])
    expect(cursor).toBe('&cursor=null')
  }
})

test('SEC-26: an order is one of four words, and a cursor belongs to its order', async () => {
  await tell(await app.signIn())
  await tell(await app.signIn())
  for (const sort of ['id', 'f.id;drop table feedback', '(select 1)', 'newest,oldest', '', '1']) {
    const answer = await admin.call('GET', `/api/admin/feedback?sort=${encodeURIComponent(sort)}`)
    expect(faultsOf(answer, [400], 'query/sort')).toEqual([])
  }
  const { nextCursor } = await page('limit=1&sort=newest')
  const forged = Buffer.from(JSON.stringify(['updated', "2026-01-01'--", '1']))
  for (const [sort, cursor] of [
    ['updated', nextCursor],
    ['updated', forged.toString('base64url')],
  ]) {
    const answer = await admin.call('GET', `/api/admin/feedback?sort=${sort}&cursor=${cursor}`)
    expect(faultsOf(answer, [400], 'query/cursor')).toEqual([])
  }
})

describe('figures', () => {
  const statistics = async (query = '') =>
    (await admin.call('GET', `/api/admin/feedback/statistics?${query}`)).body as object
  const trends = async (query: string) => {
    const answer = await admin.call('GET', `/api/admin/feedback/trends?${query}`)
    return (answer.body as { items: { start: string; created: number }[] }).items
  }

  test('of nothing: zeros where something was counted, null where nothing can be said', async () => {
    expect(await statistics()).toEqual({
      total: 0,
      open: 0,
      byType: { bug: 0, feature_request: 0, improvement: 0, question: 0, other: 0 },
      byStatus: { new: 0, reviewing: 0, planned: 0, in_progress: 0, completed: 0, wont_fix: 0 },
      satisfaction: { mean: null, n: 0 },
      features: [],
      resolution: { medianHours: null, n: 0 },
    })
    expect(await trends('')).toHaveLength(30)
  })

  test('means say on how much they stand, and the median what it took', async () => {
    const person = await app.signIn()
    const hours = [1, 2, 6]
    const told = [
      await tell(person, { satisfaction: 5, feature: 'exports', featureRating: 1 }),
      await tell(person, { satisfaction: 2, feature: 'exports', featureRating: 4 }),
      await tell(person, { type: 'other', feature: 'search', featureRating: 5 }),
    ]
    await tell(person, { feature: 'unrated' })
    for (const [number, { id }] of told.entries()) {
      at.now = new Date(start.getTime() + (hours[number] ?? 0) * hourMs)
      await handle(id, { status: 'completed' })
    }
    expect(await statistics()).toMatchObject({
      total: 4,
      open: 1,
      byType: { bug: 3, other: 1 },
      byStatus: { new: 1, completed: 3 },
      satisfaction: { mean: 3.5, n: 2 },
      features: [
        { feature: 'exports', mean: 2.5, n: 2 },
        { feature: 'search', mean: 5, n: 1 },
      ],
      resolution: { medianHours: 2, n: 3 },
    })
    expect(await statistics('to=2026-11-21T12:00:00Z')).toMatchObject({ total: 0 })
  })

  test('a day is a day where the asker lives, and one without any is there', async () => {
    at.now = new Date('2026-11-20T22:30:00Z')
    const person = await app.signIn()
    const { id } = await tell(person, { satisfaction: 4 })
    at.now = new Date('2026-11-20T23:30:00Z')
    await tell(person)
    at.now = start
    await handle(id, { status: 'wont_fix' })
    const none = { mean: null, n: 0 }
    expect(await trends('timeZone=Europe/Berlin&from=2026-11-19')).toEqual([
      { start: '2026-11-19', isComplete: true, created: 0, resolved: 0, satisfaction: none },
      {
        start: '2026-11-20',
        isComplete: true,
        created: 1,
        resolved: 0,
        satisfaction: { mean: 4, n: 1 },
      },
      { start: '2026-11-21', isComplete: false, created: 1, resolved: 1, satisfaction: none },
    ])
    const counts = async (query: string) =>
      (await trends(query)).map(({ start: day, created }) => [day, created])
    expect(await counts('from=2026-11-20')).toEqual([
      ['2026-11-20', 2],
      ['2026-11-21', 0],
    ])
    expect(await counts('unit=week&from=2026-11-15')).toEqual([
      ['2026-11-09', 0],
      ['2026-11-16', 2],
    ])
    expect(await counts('unit=month&from=2026-10-31')).toEqual([
      ['2026-10-01', 0],
      ['2026-11-01', 2],
    ])
    expect(await trends('unit=month')).toHaveLength(30)
  })

  test.each([
    ['timeZone=Mars/Olympus', 'timeZone'],
    ['timeZone=%2B02:00', 'timeZone'],
    [`timeZone=UTC'%3Bselect`, 'timeZone'],
    ['unit=hour', 'unit'],
    ['from=2026-02-30', 'from'],
    ['from=2026-11-21&to=2026-11-20', 'from'],
    ['from=2020-01-01', 'from'],
  ])('%s is refused', async (query, pointer) => {
    const answer = await admin.call('GET', `/api/admin/feedback/trends?${query}`)
    expect(faultsOf(answer, [400], `query/${pointer}`)).toEqual([])
  })
})
