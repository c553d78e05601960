import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { bug, readAll, signInAdmin, type Told, tell } from '../support/feedback.ts'
import { picture } from '../support/pictures.ts'
import { faultsOf } from '../support/problems.ts'

const at = { now: new Date('2026-11-21T12:00:00Z') }
const dayMs = 86_400_000
let app: TestApp
let person: SignedIn
beforeAll(async () => {
  app = await startTestApp({ clock: { now: () => at.now } })
})
afterAll(() => app.close())
beforeEach(async () => {
  at.now = new Date('2026-11-21T12:00:00Z')
  person = await app.signIn()
})

const full = {
  type: 'feature_request',
  title: 'Exports by week',
  description: 'One file a week would do.\nOr two.',
  pageUrl: 'https://earshot.example.org/exports?page=2',
  browserInfo: 'Firefox 142 on Linux',
  satisfaction: 4,
  feature: 'exports',
  featureRating: 2,
}

describe('writing', () => {
  test('everything that was said is there, and nothing of who said it', async () => {
    const told = await tell(person, full)
    expect(told).toEqual({
      ...full,
      id: expect.stringMatching(/^\d+$/),
      status: 'new',
      resolution: null,
      resolvedAt: null,
      screenshot: null,
      createdAt: at.now.toISOString(),
      updatedAt: at.now.toISOString(),
    })
    const { body } = await person.call('GET', `/api/feedback/${told.id}`)
    expect(body).toEqual(told)
  })

  test('the browser says what it is, where the person does not', async () => {
    const answer = await fetch(`${app.url}/api/feedback`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${person.token}`,
        'content-type': 'application/json',
        'user-agent': 'Teletype/33',
      },
      body: JSON.stringify(bug),
    })
    expect(((await answer.json()) as Told).browserInfo).toBe('Teletype/33')
  })

  test.each<[name: string, change: object, pointer: string]>([
    ['an unknown type', { type: 'praise' }, 'body/type'],
    ['a short title', { title: ' ab ' }, 'body/title'],
    ['a long title', { title: 'x'.repeat(201) }, 'body/title'],
    ['a title of two lines', { title: 'a\r\nBcc: b' }, 'body/title'],
    ['no description', { description: '  ' }, 'body/description'],
    ['a long description', { description: 'x'.repeat(10_001) }, 'body/description'],
    ['six stars', { satisfaction: 6 }, 'body/satisfaction'],
    ['half a star', { featureRating: 0.5, feature: 'x' }, 'body/featureRating'],
    ['a rating of nothing', { featureRating: 3 }, 'body/feature'],
    ['a page that is a script', { pageUrl: 'javascript:alert(1)' }, 'body/pageUrl'],
    ['a page with a password', { pageUrl: 'https://ada:pw@example.org' }, 'body/pageUrl'],
    ['a screenshot that is a file', { screenshotUrl: 'file:///etc/passwd' }, 'body/screenshotUrl'],
    ['a status of their own', { status: 'completed' }, 'body/status'],
    ["another's name", { userId: '1' }, 'body/userId'],
  ])('SEC-13: %s is refused', async (_name, change, pointer) => {
    const answer = await person.call('POST', '/api/feedback', { ...bug, ...change })
    expect(faultsOf(answer, [400], pointer)).toEqual([])
  })

  test('markup is kept as it was written: it is data', async () => {
    const title = `<script>alert("x")</script> {{7*7}} '; drop table feedback; --`
    const { id } = await tell(person, { title })
    const answer = await person.call('GET', `/api/feedback/${id}`)
    expect((answer.body as Told).title).toBe(title)
    expect(answer.headers.get('content-type')).toContain('application/json')
  })

  test('twenty a day, also when they come at once; then it says when the next one may', async () => {
    const answers = await Promise.all(
      Array.from({ length: 24 }, () => person.call('POST', '/api/feedback', bug)),
    )
    const statuses = answers.map(({ status }) => status).toSorted()
    expect(statuses).toEqual([...Array(20).fill(201), ...Array(4).fill(429)])
    const refused = await person.call('POST', '/api/feedback', bug)
    expect(faultsOf(refused, [429])).toEqual([])
    expect(refused.headers.get('retry-after')).toBe('86400')
    const other = await app.signIn()
    await tell(other)
    at.now = new Date(at.now.getTime() + dayMs)
    await tell(await app.signIn())
  })
})

describe('reading, changing and taking back', () => {
  test('my own, newest first, by type and status, page by page', async () => {
    const ids: string[] = []
    for (const type of ['bug', 'question', 'bug', 'other', 'bug']) {
      ids.unshift((await tell(person, { type })).id)
    }
    await tell(await app.signIn())
    const page = async (query: string) => {
      const { body } = await person.call('GET', `/api/feedback?${query}`)
      return body as { items: Told[]; nextCursor: string | null }
    }
    const first = await page('limit=3')
    const rest = await page(`limit=3&cursor=${first.nextCursor}`)
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(ids)
    expect(rest.nextCursor).toBeNull()
    expect((await page('type=bug')).items.map(({ id }) => id)).toEqual([ids[0], ids[2], ids[4]])
    expect((await page('status=planned')).items).toEqual([])
  })

  test('what is not named stays; a rating can be taken back', async () => {
    const { id } = await tell(person, full)
    const change = async (body: object) => {
      const answer = await person.call('PATCH', `/api/feedback/${id}`, body)
      return answer
    }
    expect((await change({ title: 'Exports by month', satisfaction: null })).body).toMatchObject({
      ...full,
      title: 'Exports by month',
      satisfaction: null,
    })
    expect(faultsOf(await change({ feature: null }), [400], 'body/feature')).toEqual([])
    expect((await change({ feature: null, featureRating: null })).body).toMatchObject({
      feature: null,
      featureRating: null,
    })
    for (const [field, value] of [
      ['type', 'bug'],
      ['status', 'planned'],
      ['resolution', 'done'],
      ['assignedTo', '1'],
    ]) {
      expect(faultsOf(await change({ [field as string]: value }), [400], `body/${field}`)).toEqual(
        [],
      )
    }
    expect(faultsOf(await change({}), [400], 'body')).toEqual([])
  })

  test('once an admin has begun with it, it stands as it is; taken back it may be', async () => {
    const { id } = await tell(person)
    const admin = await signInAdmin(app)
    await admin.call('PATCH', `/api/admin/feedback/${id}`, { status: 'reviewing' })
    const change = await person.call('PATCH', `/api/feedback/${id}`, { title: 'Something else' })
    expect(faultsOf(change, [409])).toEqual([])
    expect((await person.call('DELETE', `/api/feedback/${id}`)).status).toBe(204)
    expect((await person.call('GET', `/api/feedback/${id}`)).status).toBe(404)
    expect((await person.call('DELETE', `/api/feedback/${id}`)).status).toBe(404)
  })

  test("SEC-11: another person's is not there", async () => {
    const { id } = await tell(person)
    const other = await app.signIn()
    const ask = (path: string) =>
      Promise.all([
        other.call('GET', path),
        other.call('PATCH', path, { title: 'Mine now' }),
        other.call('DELETE', path),
        other.call('GET', `${path}/screenshot`),
      ])
    const foreign = await ask(`/api/feedback/${id}`)
    const absent = await ask('/api/feedback/9007199254740993')
    for (const [number, answer] of foreign.entries()) {
      expect(faultsOf(answer, [404])).toEqual([])
      const detail = (one?: { body: unknown }) => (one?.body as { detail?: string })?.detail
      expect(detail(answer)).toBe(detail(absent[number]))
    }
    expect((await person.call('GET', `/api/feedback/${id}`)).status).toBe(200)
  })
})

describe('SEC-23: a screenshot by its address is fetched by a worker', () => {
  const screenshotUrl = 'https://pictures.example.org/shot.png'

  test('and read like one that was sent', async () => {
    const bytes = await picture('jpeg')
    const asked: string[] = []
    const { id, screenshot } = await tell(person, { screenshotUrl })
    expect(screenshot).toMatchObject({ state: 'waiting' })
    await readAll(app, async (url) => {
      asked.push(url)
      return { bytes, refused: null }
    })
    expect(asked).toEqual([screenshotUrl])
    const answer = await person.call('GET', `/api/feedback/${id}`)
    expect((answer.body as Told).screenshot).toMatchObject({ state: 'ready', width: 40 })
  })

  test('what is no picture is refused, and nothing of it is kept or told', async () => {
    const { id } = await tell(person, { screenshotUrl })
    await readAll(app, async () => ({ bytes: Buffer.from('canary: root:x:0:0'), refused: null }))
    const { body } = await person.call('GET', `/api/feedback/${id}`)
    expect((body as Told).screenshot).toMatchObject({
      state: 'refused',
      reason: 'There is no PNG, JPEG or WebP picture at that address.',
    })
    expect(JSON.stringify(body)).not.toContain('canary')
  })

  test('an address that may answer later is asked three times, with time between', async () => {
    const { id } = await tell(person, { screenshotUrl })
    let calls = 0
    const away = async () => {
      calls += 1
      return { bytes: null, refused: 'It does not answer.', later: true } as const
    }
    for (const waitMs of [0, 29_000, 1_000, 30_000, 30_000, 60_000]) {
      at.now = new Date(at.now.getTime() + waitMs)
      await readAll(app, away)
    }
    expect(calls).toBe(3)
    const { body } = await person.call('GET', `/api/feedback/${id}`)
    expect((body as Told).screenshot).toMatchObject({
      state: 'refused',
      reason: 'It does not answer.',
    })
  })
})
