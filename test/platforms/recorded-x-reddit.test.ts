import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import type { AnswerShape } from '../../src/platforms/answer-shape.ts'
import { reddit } from '../../src/platforms/reddit/reddit.platform.ts'
import { shapes as redditShapes } from '../../src/platforms/reddit/reddit.shapes.ts'
import { shapes as xShapes } from '../../src/platforms/twitter/twitter.shapes.ts'
import { all, failureOf, testTools } from './platform-tools.ts'
import { type Reply, type ScriptedServer, scriptedServer } from './scripted-server.ts'

/** Answers that the platforms once gave, kept beside the repository and never in it. */
const specs = join(env.REFERENCE_DIR ?? '../shared', 'specs')
const here = existsSync(specs)
if (!here) console.warn(`No recorded answers: set REFERENCE_DIR (looked into ${specs})`)
const suite = here ? describe : describe.skip

type Recorded = { name: string; shape: AnswerShape; body: unknown }

/** Files of bodies, by the call that brought them. */
const files: [pattern: string, shape: string][] = [
  ['x/python-twitter/testdata/apis/user/users_resp.json', 'x users by name'],
  ['x/python-twitter/testdata/apis/user/{followers,following,muting}_resp.json', 'x users by id'],
  ['x/python-twitter/testdata/apis/tweet/tweets_{resp,by_user_bookmark}.json', 'x posts by id'],
  ['x/python-twitter/testdata/apis/timeline/*.json', 'x timeline'],
  ['x/python-twitter/testdata/apis/searches/*.json', 'x search'],
  ['x/python-twitter/testdata/apis/lists/list_tweets_resp.json', 'x timeline'],
  ['reddit/go-reddit/testdata/listings/posts.json', 'reddit posts'],
  ['reddit/go-reddit/testdata/subreddit/{search-,}posts.json', 'reddit posts'],
  ['reddit/go-reddit/testdata/subreddit/about.json', 'reddit about'],
  ['reddit/go-reddit/testdata/subreddit/list.json', 'reddit info'],
]

const fromFiles = (): Recorded[] =>
  files.flatMap(([pattern, name]) =>
    globSync(pattern, { cwd: specs }).flatMap((file) => {
      const shape = [...xShapes, ...redditShapes].find((one) => one.name === name)
      const body = JSON.parse(readFileSync(join(specs, file), 'utf8'))
      return shape ? { name: file, shape, body } : []
    }),
  )

const Cassette = z.object({
  interactions: z.array(
    z.object({
      request: z.object({ uri: z.string() }),
      response: z.object({
        status: z.object({ code: z.number() }),
        headers: z.record(z.string(), z.array(z.string())),
        body: z.object({ string: z.string().optional(), base64_string: z.string().optional() }),
      }),
    }),
  ),
})
type Interaction = { name: string; path: string; status: number; headers: [string, string][] }
type Cassette = Interaction & { text: string; zipped: boolean }

const cassettes = (): Cassette[] =>
  globSync('reddit/prawcore-cassettes/**/*.json', { cwd: specs }).flatMap((file) =>
    Cassette.parse(JSON.parse(readFileSync(join(specs, file), 'utf8'))).interactions.map(
      ({ request, response }) => ({
        name: file.split('test_').at(-1) ?? file,
        path: new URL(request.uri).pathname,
        status: response.status.code,
        headers: Object.entries(response.headers).flatMap(([name, [value]]) =>
          value ? [[name.toLowerCase(), value] as [string, string]] : [],
        ),
        text: response.body.string ?? '',
        zipped: response.body.base64_string !== undefined,
      }),
    ),
  )

/** Some recordings were anonymised by hand and are no JSON since. */
function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const played = here ? cassettes().filter(({ zipped }) => !zipped) : []
const fromCassettes: Recorded[] = played.flatMap(({ name, path, status, text }) => {
  const shape = redditShapes.find((one) => one.path.test(path))
  const body = status === 200 ? bodyOf(text) : undefined
  return shape && body !== undefined ? [{ name, shape, body }] : []
})
const recordings = here ? [...fromFiles(), ...fromCassettes] : []

suite('recorded answers of X and Reddit', () => {
  test('there are some of each', () => {
    const count = (start: string) =>
      recordings.filter(({ shape }) => shape.name.startsWith(start)).length
    expect(count('x ')).toBeGreaterThan(9)
    expect(count('reddit ')).toBeGreaterThan(20)
  })

  test.each(recordings.length > 0 ? recordings : [null])('$shape.name: $name', (recorded) => {
    if (!recorded) return
    const result = recorded.shape.schema.safeParse(recorded.body)
    expect(result.error?.issues ?? []).toEqual([])
    // Nothing that the platform sent is lost on the way in.
    expect(result.data).toMatchObject(recorded.body as object)
  })
})

const kindOf = (status: number): string | undefined =>
  status >= 500
    ? 'unavailable'
    : (({ 301: 'unavailable', 302: 'unavailable', 401: 'unauthorized', 403: 'forbidden' } as const)[
        status
      ] ??
      ({ 404: 'not_found', 429: 'rate_limited', 451: 'forbidden' } as const)[status] ??
      'changed_shape')

/** Headers that the test's server makes itself. */
const ofTransport = new Set([
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'connection',
])

suite('recorded refusals of Reddit', () => {
  let server: ScriptedServer
  let reply: Reply = {}
  beforeAll(async () => {
    server = await scriptedServer(({ url }) =>
      url.pathname === '/api/info' ? reply : { json: { access_token: 'a', expires_in: 3_600 } },
    )
  })
  afterAll(() => server.close())

  const refusals = played.filter(({ path, status }) => status >= 300 && !path.includes('token'))
  test.each(refusals.length > 0 ? refusals : [null])('$status $name', async (recorded) => {
    if (!recorded) return
    const { status, text, headers } = recorded
    const kept = headers.filter(([name]) => !ofTransport.has(name))
    reply = { status, text, headers: Object.fromEntries(kept) }
    const tools = testTools({ baseUrl: server.url })
    const credentials = { clientId: 'a', clientSecret: 'b', userAgent: 'test:app:1' }
    const error = await failureOf(all(reddit.open(credentials, tools).resolve(['typescript'])))
    expect(error.kind).toBe(kindOf(status))
    expect(error.status).toBe(status)
    if (status === 429) expect(error.until).toEqual(new Date(tools.at.now.getTime() + 4_000))
  })
})
