import { type PlatformId, platforms } from '../../../src/platforms/index.ts'
import { PlatformError } from '../../../src/platforms/platform-error.ts'
import { all, testTools } from '../../platforms/platform-tools.ts'
import { type Reply, scriptedServer } from '../../platforms/scripted-server.ts'
import { type Recording, readSpec, redditRecordings, twitchRecordings } from './recordings.ts'

/** A refusal as it was recorded, and what an adapter is to make of it. */
export type Refusal = Pick<Recording, 'name' | 'path' | 'status' | 'headers' | 'text'> & {
  platform: PlatformId
  kind: string
  /** Seconds that the platform asked to wait. */
  waitS: number | null
}

const byStatus: Record<number, string> = {
  301: 'unavailable',
  302: 'unavailable',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  429: 'rate_limited',
  451: 'forbidden',
}
const kindOf = (status: number): string =>
  status >= 500 ? 'unavailable' : (byStatus[status] ?? 'changed_shape')

/** What a call without Retry-After waits. */
const usualWaitS = 60

const expected = (recording: Recording): Refusal => {
  const asked = recording.headers.find(([name]) => name === 'retry-after')?.[1]
  const waitS = recording.status === 429 ? Number(asked ?? usualWaitS) : null
  return { ...recording, kind: kindOf(recording.status), waitS }
}

const youtubeKeyInvalid = (): Refusal => ({
  platform: 'youtube',
  name: 'error_response.json',
  path: '/youtube/v3/channels',
  status: 400,
  headers: [],
  text: readSpec('youtube/python-youtube/testdata/error_response.json'),
  // Its status says nothing; its reason, keyInvalid, does.
  kind: 'unauthorized',
  waitS: null,
})

export const recordedRefusals = (): Refusal[] => [
  ...redditRecordings()
    .filter(({ path, status }) => status >= 300 && !path.includes('token'))
    .map(expected),
  ...twitchRecordings()
    .filter(({ path, status }) => status >= 400 && path.startsWith('/helix/'))
    .map(expected),
  youtubeKeyInvalid(),
]

const credentials = {
  twitch: { clientId: 'a', clientSecret: 'b' },
  twitter: { bearerToken: 'a' },
  youtube: { apiKey: 'a' },
  reddit: { clientId: 'a', clientSecret: 'b', userAgent: 'test:app:1' },
}
const handles = { twitch: 'someone', twitter: 'someone', youtube: '@someone', reddit: 'typescript' }

/** Headers that the replaying server makes itself. */
const ofTransport = ['content-length', 'content-encoding', 'transfer-encoding', 'connection']

/** Answers an adapter's call with the recorded refusal: the sentences say what it took it for. */
export async function misreadings(refusal: Refusal): Promise<string[]> {
  const { platform, status, text, headers } = refusal
  const kept = headers.filter(([name]) => !ofTransport.includes(name))
  const reply: Reply = { status, text, headers: Object.fromEntries(kept) }
  const token = { json: { access_token: 'a', expires_in: 3_600 } }
  const server = await scriptedServer(({ url }) => (url.pathname.endsWith('token') ? token : reply))
  try {
    const tools = testTools({ baseUrl: server.url })
    const adapter = platforms[platform].open(credentials[platform], tools)
    const error = await all(adapter.resolve([handles[platform]])).then(
      () => null,
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof PlatformError)) return [`${status} is no PlatformError`]
    const waitS = error.until && (error.until.getTime() - tools.at.now.getTime()) / 1_000
    return [
      ...(error.kind === refusal.kind ? [] : [`${status} is ${error.kind}, not ${refusal.kind}`]),
      ...(error.status === status ? [] : [`${status} is kept as ${error.status}`]),
      ...(waitS === refusal.waitS ? [] : [`${status} waits ${waitS} s, not ${refusal.waitS} s`]),
    ]
  } finally {
    await server.close()
  }
}
