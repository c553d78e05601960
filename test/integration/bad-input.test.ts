import type { Answer } from '../support/app.ts'
import {
  expectNothingWritten as expectNothingWrittenIn,
  type Household,
  openHousehold,
  refused,
} from '../support/household.ts'
import { platformNames } from '../support/stage.ts'

let home: Household
beforeAll(async () => {
  home = await openHousehold()
})
afterAll(() => home?.close())

const expectNothingWritten = (work: () => Promise<void>) => expectNothingWrittenIn(home, work)

type Case = {
  what: string
  method?: string
  path: string
  body: () => unknown
  status: number
  pointer?: string
}

const absent = '9007199254740993'
const credentials = { clientId: 'sandbox-a', clientSecret: 'sandbox-secret-a' }
const profile = { platform: 'twitch', name: 'another', credentials }

const cases: Case[] = [
  {
    what: 'an unknown platform',
    path: '/api/profiles',
    body: () => ({ ...profile, platform: 'myspace' }),
    status: 400,
    pointer: 'body/platform',
  },
  {
    what: 'a profile without a field',
    path: '/api/profiles',
    body: () => ({ ...profile, credentials: { clientId: 'sandbox-a' } }),
    status: 400,
    pointer: 'body/credentials/clientSecret',
  },
  {
    what: 'a profile with an empty field',
    path: '/api/profiles',
    body: () => ({ ...profile, credentials: { ...credentials, clientSecret: ' ' } }),
    status: 400,
    pointer: 'body/credentials/clientSecret',
  },
  {
    what: "a profile with another platform's field",
    path: '/api/profiles',
    body: () => ({ ...profile, credentials: { ...credentials, apiKey: 'x' } }),
    status: 400,
    pointer: 'body/credentials/apiKey',
  },
  {
    what: 'a profile without credentials',
    path: '/api/profiles',
    body: () => ({ platform: 'twitch', name: 'x' }),
    status: 400,
    pointer: 'body/credentials',
  },
  {
    what: 'a profile whose name is taken',
    path: '/api/profiles',
    body: () => ({ ...profile, name: 'mine' }),
    status: 409,
  },
  {
    what: 'a name with a character that PostgreSQL cannot keep',
    path: '/api/profiles',
    body: () => ({ ...profile, name: 'a\u0000b' }),
    status: 400,
    pointer: 'body/name',
  },
  {
    what: 'half of a character',
    path: '/api/profiles',
    body: () => ({ ...profile, credentials: { ...credentials, clientId: 'sandbox-\ud83d' } }),
    status: 400,
    pointer: 'body/credentials/clientId',
  },
  {
    what: 'a limit that is none of the platform',
    path: '/api/profiles',
    body: () => ({ ...profile, limits: { nonsense: 5 } }),
    status: 400,
    pointer: 'body/limits/nonsense',
  },
  {
    what: 'a limit below zero',
    path: '/api/profiles',
    body: () => ({ ...profile, limits: { points: -1 } }),
    status: 400,
    pointer: 'body/limits/points',
  },
  {
    what: 'sources under an absent profile',
    path: '/api/sources',
    body: () => ({ profileId: absent, handles: ['someone'] }),
    status: 404,
  },
  {
    what: 'sources under a foreign profile',
    path: '/api/sources',
    body: () => ({ profileId: home.foreign.profiles, handles: ['someone'] }),
    status: 404,
  },
  {
    what: 'a malformed profile id',
    path: '/api/sources',
    body: () => ({ profileId: 'mine', handles: ['someone'] }),
    status: 400,
    pointer: 'body/profileId',
  },
  {
    what: 'a profile id beyond 64 bits',
    path: '/api/sources',
    body: () => ({ profileId: '9999999999999999999', handles: ['someone'] }),
    status: 400,
    pointer: 'body/profileId',
  },
  {
    what: 'no handles',
    path: '/api/sources',
    body: () => ({ profileId: home.profileIds.twitch, handles: [] }),
    status: 400,
    pointer: 'body/handles',
  },
  {
    what: '501 handles',
    path: '/api/sources',
    body: () => ({ profileId: home.profileIds.twitch, handles: Array(501).fill('a') }),
    status: 400,
    pointer: 'body/handles',
  },
  {
    what: 'a handle that is no text',
    path: '/api/sources',
    body: () => ({ profileId: home.profileIds.twitch, handles: ['a', 7] }),
    status: 400,
    pointer: 'body/handles/1',
  },
  {
    what: 'sources to watch too often',
    path: '/api/sources',
    body: () => ({
      profileId: home.profileIds.twitch,
      handles: ['someone'],
      watch: { intervalMinutes: 1 },
    }),
    status: 400,
    pointer: 'body/watch/intervalMinutes',
  },
  {
    what: 'a job for an absent source',
    path: '/api/jobs',
    body: () => ({ sourceId: absent }),
    status: 404,
  },
  {
    what: 'a job for a foreign source',
    path: '/api/jobs',
    body: () => ({ sourceId: home.foreign.sources }),
    status: 404,
  },
  {
    what: 'a job for a source of another profile',
    path: '/api/jobs',
    body: () => ({ sourceId: home.sourceId, profileId: home.profileIds.youtube }),
    status: 400,
    pointer: 'body/profileId',
  },
  {
    what: 'a job under a foreign profile',
    path: '/api/jobs',
    body: () => ({ sourceId: home.sourceId, profileId: home.foreign.profiles }),
    status: 404,
  },
  {
    what: 'a second job for a source',
    path: '/api/jobs',
    body: () => ({ sourceId: home.sourceId }),
    status: 409,
  },
  ...[0, -5, 14, 121, 1.5, 10_081, '60', null].map((intervalMinutes) => ({
    what: `an interval of ${JSON.stringify(intervalMinutes)} minutes`,
    method: 'PATCH',
    path: '/api/jobs/{job}',
    body: () => ({ intervalMinutes }),
    status: 400,
    pointer: 'body/intervalMinutes',
  })),
  {
    what: 'an address that is none',
    path: '/api/auth/register',
    body: () => ({ email: 'ada', password: 'a-Long-passphrase-42' }),
    status: 400,
    pointer: 'body/email',
  },
  {
    what: 'an address that is taken',
    path: '/api/auth/register',
    body: () => ({ email: home.person.email.toUpperCase(), password: 'a-Long-passphrase-42' }),
    status: 409,
  },
  {
    what: 'a password of seven letters',
    path: '/api/auth/register',
    body: () => ({ email: 'new@example.org', password: 'short-1' }),
    status: 400,
    pointer: 'body/password',
  },
]

describe('each refusal says what is wrong, where, and writes nothing', () => {
  test.each(cases)('$what', async ({ method = 'POST', path, body, status, pointer }) => {
    await expectNothingWritten(async () => {
      const answer = await home.person.call(method, path.replace('{job}', home.jobId), body())
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

describe('bodies that are none', () => {
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

describe('a platform that answers nonsense', () => {
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
