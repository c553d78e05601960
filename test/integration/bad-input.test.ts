import type { Answer } from '../support/app.ts'
import {
  expectNothingWritten as expectNothingWrittenIn,
  type Household,
  openHousehold,
  refused,
} from '../support/household.ts'
import { refusedWrites } from '../support/refused-writes.ts'
import { platformNames } from '../support/stage.ts'

let home: Household
beforeAll(async () => {
  home = await openHousehold()
})
afterAll(() => home?.close())

const expectNothingWritten = (work: () => Promise<void>) => expectNothingWrittenIn(home, work)

describe('each refusal says what is wrong, where, and writes nothing', () => {
  test.each(refusedWrites)('$what', async ({ method = 'POST', path, body, status, pointer }) => {
    await expectNothingWritten(async () => {
      const answer = await home.person.call(method, path.replace('{job}', home.jobId), body(home))
      refused(answer, [status], pointer)
    })
  })

  test('a malformed handle spoils no other, and each answers for itself', async () => {
    const handles = ['not a handle!', 'https://example.org/x', 'nobody_is_called_so']
    await expectNothingWritten(async () => {
      const { status, body } = await home.person.call('POST', '/api/sources', {
        profileId: home.profileIds.twitch,
        handles,
        watch: {},
      })
      const { results } = body as { results: { outcome: string; detail: string }[] }
      expect([status, results.map(({ outcome }) => outcome)]).toEqual([
        200,
        ['invalid', 'invalid', 'not_found'],
      ])
      for (const { detail } of results) expect(detail).toMatch(/Twitch/)
    })
  })
})

const send = async (path: string, body: string, type = 'application/json'): Promise<Answer> => {
  const response = await fetch(`${home.app.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${home.person.token}`, 'content-type': type },
    body,
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as never,
  }
}

describe('SEC-27: bodies that are none', () => {
  const bodies: [what: string, body: string, status: number][] = [
    ['half a JSON', '{"platform":"twitch"', 400],
    ['no JSON', 'platform=twitch', 400],
    ['nothing', '', 400],
    ['null', 'null', 400],
    ['a list', '[]', 400],
    ['a text', '"twitch"', 400],
    ['a number too many', '1e999', 400],
    ['a depth of 40', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`, 400],
    ['a prototype', '{"__proto__":{"role":"admin"},"name":"x"}', 400],
    ['a constructor', '{"constructor":{"prototype":{"role":"admin"}}}', 400],
    ['10 MB and a byte', `"${'x'.repeat(10 * 1024 * 1024 - 1)}"`, 413],
  ]
  test.each(bodies)('%s', async (_what, body, status) => {
    await expectNothingWritten(async () => {
      refused(await send('/api/profiles', body), [status])
      expect(Object.hasOwn(Object.prototype, 'role')).toBe(false)
    })
  })

  test('10 MB to the byte are read, and then not understood', async () => {
    const answer = await send('/api/profiles', `"${'x'.repeat(10 * 1024 * 1024 - 2)}"`)
    refused(answer, [400], 'body')
  })

  test.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x'])(
    'a body as %s',
    async (type) => refused(await send('/api/profiles', '{}', type), [415]),
  )
})

describe('SEC-25: a platform that answers nonsense', () => {
  const kinds = ['html', 'truncated', 'changed_shape', 'reset', 'server_error'] as const
  const words = { twitch: /Twitch/, twitter: /\bX\b/, youtube: /YouTube/, reddit: /Reddit/ }
  const nonsense = platformNames.flatMap((platform) =>
    kinds.map((kind): [typeof platform, (typeof kinds)[number]] => [platform, kind]),
  )
  beforeEach(() => home.sandbox.control.resetLimits())
  afterEach(() => void home.sandbox.control.faults.remove())

  test.each(nonsense)('%s: %s', async (platform, kind) => {
    const profileId = home.profileIds[platform]
    home.sandbox.control.faults.add({ platform, kind, delayMs: 0, retryAfterS: 30 })
    await expectNothingWritten(async () => {
      const answer = await home.person.call('POST', '/api/sources', {
        profileId,
        handles: [(await home.sandbox.world.sources(platform))[1]?.handle],
        watch: {},
      })
      refused(answer, [502, 503])
      expect((answer.body as { detail: string }).detail).toMatch(words[platform])
      const verified = await home.person.call('POST', `/api/profiles/${profileId}/verify`)
      const { ok, detail } = verified.body as { ok: boolean; detail: string }
      expect([verified.status, ok]).toEqual([200, false])
      expect(detail).toMatch(words[platform])
      for (const { body } of [answer, verified]) {
        expect(JSON.stringify(body)).not.toMatch(/sandbox-(secret|bearer|key)|<html|127\.0\.0\.1/)
      }
    })
  })
})
