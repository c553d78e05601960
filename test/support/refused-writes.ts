import type { Household } from './household.ts'

/** A write that is refused: what is wrong with it, and where the answer must point. */
export type RefusedWrite = {
  what: string
  method?: string
  path: string
  body: (home: Household) => unknown
  status: number
  pointer?: string
}

const absent = '9007199254740993'
const credentials = { clientId: 'sandbox-a', clientSecret: 'sandbox-secret-a' }
const profile = { platform: 'twitch', name: 'another', credentials }

export const refusedWrites: RefusedWrite[] = [
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
    body: (home) => ({ profileId: home.foreign.profiles, handles: ['someone'] }),
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
    body: (home) => ({ profileId: home.profileIds.twitch, handles: [] }),
    status: 400,
    pointer: 'body/handles',
  },
  {
    what: '501 handles',
    path: '/api/sources',
    body: (home) => ({ profileId: home.profileIds.twitch, handles: Array(501).fill('a') }),
    status: 400,
    pointer: 'body/handles',
  },
  {
    what: 'a handle that is no text',
    path: '/api/sources',
    body: (home) => ({ profileId: home.profileIds.twitch, handles: ['a', 7] }),
    status: 400,
    pointer: 'body/handles/1',
  },
  {
    what: 'sources to watch too often',
    path: '/api/sources',
    body: (home) => ({
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
    body: (home) => ({ sourceId: home.foreign.sources }),
    status: 404,
  },
  {
    what: 'a job for a source of another profile',
    path: '/api/jobs',
    body: (home) => ({ sourceId: home.sourceId, profileId: home.profileIds.youtube }),
    status: 400,
    pointer: 'body/profileId',
  },
  {
    what: 'a job under a foreign profile',
    path: '/api/jobs',
    body: (home) => ({ sourceId: home.sourceId, profileId: home.foreign.profiles }),
    status: 404,
  },
  {
    what: 'a second job for a source',
    path: '/api/jobs',
    body: (home) => ({ sourceId: home.sourceId }),
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
    what: 'a password of seven letters',
    path: '/api/auth/register',
    body: () => ({ email: 'new@example.org', password: 'short-1' }),
    status: 400,
    pointer: 'body/password',
  },
  {
    what: 'a common password',
    path: '/api/auth/register',
    body: () => ({ email: 'new@example.org', password: 'Password123' }),
    status: 400,
    pointer: 'body/password',
  },
  {
    what: 'a link that never was',
    path: '/api/auth/verify-email',
    body: () => ({ token: 'A'.repeat(43), password: 'any password 1' }),
    status: 400,
    pointer: 'body/token',
  },
  {
    what: 'a username with a space',
    method: 'PATCH',
    path: '/api/users/me',
    body: () => ({ username: 'a b c' }),
    status: 400,
    pointer: 'body/username',
  },
  {
    what: 'an avatar without TLS',
    method: 'PATCH',
    path: '/api/users/me',
    body: () => ({ avatarUrl: 'http://example.org/a.png' }),
    status: 400,
    pointer: 'body/avatarUrl',
  },
]
