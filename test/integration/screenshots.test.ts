import sharp from 'sharp'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { putFile, readAll, type Told, tell } from '../support/feedback.ts'
import {
  animatedWebp,
  apng,
  bomb,
  handmadePng,
  noise,
  picture,
  tellingJpeg,
  textBomb,
} from '../support/pictures.ts'
import { faultsOf } from '../support/problems.ts'
import { asOwner } from '../support/servers.ts'

const at = { now: new Date('2026-11-21T12:00:00Z') }
let app: TestApp
let person: SignedIn
beforeAll(async () => {
  app = await startTestApp({ clock: { now: () => at.now } })
})
afterAll(() => app.close())
beforeEach(async () => {
  person = await app.signIn()
})

const get = (id: string, token = person.token) =>
  fetch(`${app.url}/api/feedback/${id}/screenshot`, {
    headers: { authorization: `Bearer ${token}` },
  })
const told = async (id: string) =>
  (await person.call('GET', `/api/feedback/${id}`)).body as unknown as Told
const stored = async (id: string) => {
  const { rows } = await asOwner(app.ownerUrl, (client) =>
    client.query('select * from feedback_screenshots where feedback_id = $1', [id]),
  )
  return rows[0] as { id: string; bytes: Buffer | null; state: string; source_url: string | null }
}
/** Sends a picture, has it read, and gives what is served. */
async function served(bytes: Buffer, type: string): Promise<Buffer> {
  const { id } = await tell(person)
  const answer = await putFile(app, person, id, bytes, { 'content-type': type })
  expect([answer.status, answer.body]).toEqual([202, expect.anything()])
  await readAll(app)
  expect((await told(id)).screenshot).toMatchObject({ state: 'ready', reason: null })
  return Buffer.from(await (await get(id)).arrayBuffer())
}

describe('SEC-34: a screenshot is read before anybody sees it', () => {
  test.each(['png', 'jpeg', 'webp'] as const)('a %s becomes a WebP of its own', async (format) => {
    const { id } = await tell(person)
    const bytes = await picture(format)
    await putFile(app, person, id, bytes, { 'content-type': `image/${format}` })
    expect((await told(id)).screenshot).toEqual({
      state: 'waiting',
      reason: null,
      mediaType: `image/${format}`,
      width: null,
      height: null,
    })
    const early = await get(id)
    expect([early.status, await early.json()]).toEqual([
      409,
      expect.objectContaining({ detail: expect.stringContaining('not been read yet') }),
    ])
    const raw = await stored(id)
    expect(raw.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/)

    expect(await readAll(app)).toBe(1)
    const answer = await get(id)
    const now = Buffer.from(await answer.arrayBuffer())
    expect(await sharp(now).metadata()).toMatchObject({ format: 'webp', width: 40, height: 30 })
    expect(now.includes(bytes.subarray(20, 60))).toBe(false)
    expect((await stored(id)).bytes?.equals(now)).toBe(true)
    expect((await told(id)).screenshot).toMatchObject({ state: 'ready', width: 40, height: 30 })
  })

  test('it is served as a file to keep: no browser runs, embeds or guesses it', async () => {
    const { id } = await tell(person)
    await putFile(app, person, id, await picture('png'))
    await readAll(app)
    const { status, headers } = await get(id)
    expect(status).toBe(200)
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/webp',
      'content-disposition': `attachment; filename="screenshot-${(await stored(id)).id}.webp"`,
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
  })

  test('what stands behind a picture is not in what is served', async () => {
    const html = Buffer.from('<html><script>canary-html</script></html>')
    const zip = Buffer.concat([Buffer.from('PK\x03\x04canary-zip'), Buffer.alloc(64)])
    for (const tail of [html, zip]) {
      for (const format of ['png', 'jpeg', 'webp'] as const) {
        const bytes = Buffer.concat([await picture(format), tail])
        expect((await served(bytes, `image/${format}`)).includes('canary')).toBe(false)
      }
    }
  })

  test('nothing of its metadata stays: no place, no words; and it stands upright', async () => {
    const before = await tellingJpeg()
    expect((await sharp(before).metadata()).exif?.includes('canary-exif')).toBe(true)
    const after = await served(before, 'image/jpeg')
    const metadata = await sharp(after).metadata()
    expect(metadata).toMatchObject({ width: 30, height: 40 })
    expect([metadata.exif, metadata.xmp, metadata.iptc, metadata.icc]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(after.includes('canary')).toBe(false)
  })

  test('of a moving picture the first frame is kept', async () => {
    for (const [bytes, type] of [
      [await animatedWebp(), 'image/webp'],
      [apng(), 'image/png'],
    ] as const) {
      const { pages = 1 } = await sharp(await served(bytes, type)).metadata()
      expect(pages).toBe(1)
    }
  })

  test('a side has at most 4,096 pixels, and no picture more than 5 MB', async () => {
    const wide = await picture('png', 6_000, 40)
    expect(await sharp(await served(wide, 'image/png')).metadata()).toMatchObject({ width: 4_096 })
    const grainy = await noise(4_000).jpeg({ quality: 20 }).toBuffer()
    expect(grainy.length).toBeLessThan(5 * 1_048_576)
    expect((await served(grainy, 'image/jpeg')).length).toBeLessThan(5 * 1_048_576)
  })
})

describe('SEC-34: what is no picture is refused at the door', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
  test.each<[name: string, bytes: Buffer]>([
    ['SVG with a script', Buffer.from(svg)],
    ['HTML that is called a PNG', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['GIF that is also a script', Buffer.from('GIF89a/*\0\0\0\0\0\0*/=1;alert(1)//')],
    ['PDF', Buffer.from('%PDF-1.7\n1 0 obj\n<</OpenAction 2 0 R>>')],
    ['ZIP', Buffer.from('PK\x03\x04\x14\0\0\0\0\0')],
    ['executable', Buffer.from('MZ\x90\0\x03\0\0\0\x04\0\0\0')],
    ['PNG that ends after its name', Buffer.from([0x89, 0x50, 0x4e, 0x47])],
    ['text', Buffer.from('hello')],
  ])('%s', async (_name, bytes) => {
    const { id } = await tell(person)
    for (const type of ['image/png', 'image/jpeg', 'image/webp']) {
      const answer = await putFile(app, person, id, bytes, { 'content-type': type })
      expect(faultsOf(answer, [400], 'body')).toEqual([])
    }
    expect((await told(id)).screenshot).toBeNull()
  })

  test('5 MB are taken, one byte more is not, however its length is said', async () => {
    const { id } = await tell(person)
    const most = Buffer.concat([await picture('png'), Buffer.alloc(5 * 1_048_576)])
    const streamed = (bytes: Buffer) => new Blob([new Uint8Array(bytes)]).stream()
    const limit = 5 * 1_048_576
    const over = most.subarray(0, limit + 1)
    expect(faultsOf(await putFile(app, person, id, over), [413])).toEqual([])
    expect(faultsOf(await putFile(app, person, id, streamed(over)), [413])).toEqual([])
    expect((await putFile(app, person, id, streamed(most.subarray(0, limit)))).status).toBe(202)
  })

  test('an empty one, another media type and a packed one are refused', async () => {
    const { id } = await tell(person)
    const png = await picture('png')
    const put = (bytes: Buffer, headers: Record<string, string>) =>
      putFile(app, person, id, bytes, headers)
    expect(faultsOf(await put(Buffer.alloc(0), {}), [400], 'body')).toEqual([])
    for (const type of ['image/svg+xml', 'text/html', 'application/json', 'multipart/form-data']) {
      expect(faultsOf(await put(png, { 'content-type': type }), [415])).toEqual([])
    }
    expect(faultsOf(await put(png, { 'content-encoding': 'gzip' }), [415])).toEqual([])
    expect((await told(id)).screenshot).toBeNull()
  })

  test('a name that somebody sends along names nothing', async () => {
    const { id } = await tell(person)
    const name = 'attachment; filename="../../../etc/passwd.html"'
    await putFile(app, person, id, await picture('png'), { 'content-disposition': name })
    await readAll(app)
    expect((await get(id)).headers.get('content-disposition')).toBe(
      `attachment; filename="screenshot-${(await stored(id)).id}.webp"`,
    )
  })

  test("another person's is not there, to look at or to write", async () => {
    const { id } = await tell(person)
    const png = await picture('png')
    await putFile(app, person, id, png)
    await readAll(app)
    const other = await app.signIn()
    const absent = await putFile(app, other, '9007199254740993', png)
    const foreign = await putFile(app, other, id, png)
    expect(faultsOf(foreign, [404])).toEqual([])
    expect((foreign.body as { detail: string }).detail).toBe(
      (absent.body as { detail: string }).detail,
    )
    expect((await get(id, other.token)).status).toBe(404)
    expect((await get(id)).status).toBe(200)
    const anonymous = await putFile(app, { token: 'none' }, id, png)
    expect(faultsOf(anonymous, [401])).toEqual([])
  })
})

describe('SEC-34: what a worker cannot read loses its bytes and keeps a reason', () => {
  test.each<[name: string, make: () => Promise<Buffer> | Buffer, reason: string]>([
    ['2.5 billion pixels in some hundred bytes', bomb, '40 million pixels'],
    ['half of a PNG', async () => (await picture('png', 300, 300)).subarray(0, 200), 'damaged'],
    [
      'half of a JPEG',
      async () => (await noise(200).jpeg().toBuffer()).subarray(0, 4e3),
      'damaged',
    ],
    ['a PNG without its pixels', () => handmadePng(90, 90, Buffer.alloc(9)), 'damaged'],
  ])('%s', async (_name, make, reason) => {
    const { id } = await tell(person)
    const answer = await putFile(app, person, id, await make())
    expect(answer.status).toBe(202)
    await readAll(app)
    const { screenshot } = await told(id)
    expect(screenshot).toMatchObject({ state: 'refused', reason: expect.stringContaining(reason) })
    expect((await stored(id)).bytes).toBeNull()
    const asked = await get(id)
    expect([asked.status, ((await asked.json()) as { detail: string }).detail]).toEqual([
      409,
      expect.stringContaining(reason),
    ])
  })

  test('a text that grows when it is read costs next to nothing', async () => {
    const before = process.memoryUsage().rss
    const { id } = await tell(person)
    await putFile(app, person, id, textBomb())
    await readAll(app)
    expect((await told(id)).screenshot?.state).toMatch(/ready|refused/)
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6)
  })

  test('one that kills its worker again and again is given up', async () => {
    const { id } = await tell(person)
    await putFile(app, person, id, await picture('png'))
    await asOwner(app.ownerUrl, (client) =>
      client.query('update feedback_screenshots set tries = 3 where feedback_id = $1', [id]),
    )
    await readAll(app)
    expect((await told(id)).screenshot).toMatchObject({ state: 'refused' })
  })

  test('one that a worker holds is left alone until its time is up', async () => {
    const { id } = await tell(person)
    await putFile(app, person, id, await picture('png'))
    await asOwner(app.ownerUrl, (client) =>
      client.query('update feedback_screenshots set claimed_until = $2 where feedback_id = $1', [
        id,
        new Date(at.now.getTime() + 120_000),
      ]),
    )
    expect(await readAll(app)).toBe(0)
    at.now = new Date(at.now.getTime() + 120_001)
    expect(await readAll(app)).toBe(1)
    expect((await told(id)).screenshot?.state).toBe('ready')
  })

  test('at most five of one person wait at once', async () => {
    const png = await picture('png')
    for (let number = 0; number < 5; number += 1) {
      expect((await putFile(app, person, (await tell(person)).id, png)).status).toBe(202)
    }
    const { id } = await tell(person)
    expect(faultsOf(await putFile(app, person, id, png), [429])).toEqual([])
    await readAll(app)
    expect((await putFile(app, person, id, png)).status).toBe(202)
  })

  test('a second one takes the place of the first', async () => {
    const { id } = await tell(person)
    await putFile(app, person, id, await picture('png', 10, 10))
    await readAll(app)
    const first = await stored(id)
    await putFile(app, person, id, await picture('png', 20, 20))
    expect((await get(id)).status).toBe(409)
    await readAll(app)
    expect((await told(id)).screenshot).toMatchObject({ width: 20 })
    expect((await stored(id)).id).not.toBe(first.id)
  })
})
