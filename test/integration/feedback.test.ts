import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startWorkers } from '../../workers/start.ts'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { bug, putFile, readAll, signInAdmin, type Told, tell } from '../support/feedback.ts'
import { picture } from '../support/pictures.ts'
import { faultsOf } from '../support/problems.ts'
import { until } from '../support/until.ts'

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
  type Given = { status?: number; type?: string; body?: Buffer | string }
  let given: Given = {}
  let asked = 0
  const server = createServer((_request, response) => {
    asked += 1
    const { status = 200, type = 'image/png', body = '' } = given
    response.writeHead(status, { 'content-type': type }).end(body)
  })
  let screenshotUrl = ''
  let world: object
  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    screenshotUrl = `http://pictures.example.org:${port}/shot.png`
    // The one machine that is public here.
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }]
    world = { ports: [80, 443, port], resolve, isAllowed: () => true }
  })
  afterAll(() => void server.close())
  beforeEach(() => {
    asked = 0
  })

  /** What the writer is shown after the worker has been by. */
  async function shown(id: string) {
    const { body } = await person.call('GET', `/api/feedback/${id}`)
    return body as Told
  }
  async function readAt(url: string, answer: Given = {}) {
    given = answer
    const { id } = await tell(person, { screenshotUrl: url })
    await readAll(app, world)
    return shown(id)
  }

  test('and read like one that was sent', async () => {
    const { screenshot } = await readAt(screenshotUrl, { body: await picture('jpeg') })
    expect(screenshot).toMatchObject({ state: 'ready', width: 40 })
    expect(asked).toBe(1)
  })

  test('what is no picture is refused, and nothing of it is kept or told', async () => {
    const told = await readAt(screenshotUrl, { body: 'canary: root:x:0:0' })
    expect(told.screenshot).toMatchObject({
      state: 'refused',
      reason: 'There is no PNG, JPEG or WebP picture at that address.',
    })
    const html = await readAt(screenshotUrl, { type: 'text/html', body: 'canary' })
    expect(html.screenshot).toMatchObject({ state: 'refused' })
    const large = await readAt(screenshotUrl, { body: Buffer.alloc(5 * 1_048_576 + 1) })
    expect(large.screenshot).toMatchObject({ state: 'refused', reason: 'The answer is too large.' })
    const gone = await readAt(screenshotUrl, { status: 404, body: 'canary' })
    expect(gone.screenshot?.reason).toBe('The server answered with 404 in place of a picture.')
    expect(JSON.stringify([told, html, large, gone])).not.toContain('canary')
  })

  test('machines inside are not asked, and read like a name that nobody has', async () => {
    const inside = ['http://127.0.0.1/', 'http://[::1]/', 'http://169.254.169.254/latest/meta-data']
    const { id } = await tell(person, { screenshotUrl: 'http://nobody.invalid/shot.png' })
    const ids = [id]
    for (const url of inside) ids.push((await tell(person, { screenshotUrl: url })).id)
    const resolve = () => Promise.reject(new Error('ENOTFOUND'))
    await readAll(app, { resolve })
    const reasons = new Set<unknown>()
    for (const one of ids) reasons.add((await shown(one)).screenshot)
    expect([...reasons].map((one) => JSON.stringify(one))).toHaveLength(ids.length)
    expect(new Set([...reasons].map((one) => JSON.stringify(one))).size).toBe(1)
    expect(asked).toBe(0)
  })

  test('one that may answer later is asked three times, with time between', async () => {
    const { id } = await readAt(screenshotUrl, { status: 503 })
    for (const waitMs of [29_000, 1_000, 30_000, 30_000, 60_000]) {
      at.now = new Date(at.now.getTime() + waitMs)
      await readAll(app, world)
    }
    expect(asked).toBe(3)
    const { screenshot } = await shown(id)
    expect(screenshot).toMatchObject({
      state: 'refused',
      reason: 'The server answered with 503 in place of a picture.',
    })
  })
})

test('the workers read what waits, without being told', async () => {
  const workers = await startWorkers(app.parts)
  try {
    const { id } = await tell(person)
    await putFile(app, person, id, await picture('png'))
    await until('the screenshot is ready', async () => {
      const { body } = await person.call('GET', `/api/feedback/${id}`)
      return (body as Told).screenshot?.state === 'ready'
    })
  } finally {
    await workers.stop(5_000)
  }
})
