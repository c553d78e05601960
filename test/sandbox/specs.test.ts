import { Ajv, type ValidateFunction } from 'ajv'
import addFormatsModule from 'ajv-formats'
import type { XDialect } from '../../sandbox/sandbox.options.ts'
import { describeWith, readReference } from './reference.ts'
import { openSandbox, type Reply } from './sandbox-client.ts'

type Json = Record<string, unknown>
type OpenApi = {
  paths: Record<string, { get: { responses: { '200': { content: Json } } } }>
} & Json

// ajv-formats is CommonJS: under ESM its function is the default's default.
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default

const createAjv = () => {
  const ajv = new Ajv({ strict: false, allErrors: true, discriminator: false })
  addFormats(ajv)
  for (const format of [
    'int32',
    'int64',
    'uint32',
    'uint64',
    'google-datetime',
    'byte',
    'double',
  ]) {
    ajv.addFormat(format, true)
  }
  return ajv
}

/** OpenAPI's `nullable` in the words of JSON Schema; `drop` loosens what is known to be wrong. */
function asJsonSchema(node: unknown, drop: (name: string, value: unknown) => boolean): unknown {
  if (Array.isArray(node)) return node.map((each) => asJsonSchema(each, drop))
  if (!node || typeof node !== 'object') return node
  const { nullable, discriminator: _, ...rest } = node as Json
  const schema = Object.fromEntries(
    Object.entries(rest)
      .filter(([name, value]) => !drop(name, value))
      .map(([name, value]) => [name, asJsonSchema(value, drop)]),
  )
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema
}

function openApiValidator(
  file: readonly string[],
  drop: (name: string, value: unknown) => boolean = () => false,
) {
  const spec = asJsonSchema(readReference(...file), drop) as OpenApi
  const ajv = createAjv().addSchema(spec, 'spec')
  return (path: string): ValidateFunction => {
    const pointer = `/paths/${path.replaceAll('/', '~1')}/get/responses/200/content/application~1json/schema`
    return ajv.compile({ $ref: `spec#${encodeURI(pointer)}` })
  }
}

function expectValid(validate: ValidateFunction, { status, body }: Reply) {
  expect(status).toBe(200)
  const valid = validate(body)
  expect(valid ? [] : validate.errors).toEqual([])
}

const xFiles: Record<XDialect, string> = {
  tweet: 'openapi-pre-rename-20260706.json',
  post: 'openapi-xdevplatform-docs.json',
}
const xFields: Record<XDialect, string> = {
  tweet:
    'tweet.fields=public_metrics,created_at,lang,entities,referenced_tweets,conversation_id,author_id,in_reply_to_user_id&expansions=author_id,referenced_tweets.id',
  post: 'post.fields=public_metrics,created_at,lang,entities,conversation_id&expansions=author_id,referenced_posts',
}
const userFields =
  'user.fields=public_metrics,created_at,description,verified,verified_type,protected,location,profile_image_url'

describeWith('specs', 'answers hold against the official descriptions', () => {
  test.each(['tweet', 'post'] as const)('X, dialect %s', async (xDialect) => {
    const { sandbox, get, sources, x } = await openSandbox({ xDialect })
    const validatorOf = openApiValidator(['specs', 'x', xFiles[xDialect]])
    const accounts = await sources('twitter')
    const names = accounts.slice(0, 60).map(({ handle }) => handle)
    const ids = accounts.slice(0, 60).map(({ externalId }) => externalId)
    const check = async (path: string, url: string) => {
      const reply = await get(url, x)
      expectValid(validatorOf(path), reply)
      return reply.body as { data: { id: string }[]; meta: Json }
    }
    await check('/2/users/by', `/2/users/by?usernames=${names.join(',')}&${userFields}`)
    await check('/2/users/by/username/{username}', `/2/users/by/username/${names[0]}?${userFields}`)
    await check('/2/users/by/username/{username}', '/2/users/by/username/nobody_at_all')
    await check('/2/users', `/2/users?ids=${ids.join(',')}&${userFields}`)
    await check('/2/users/{id}', `/2/users/${ids[0]}?${userFields}`)
    const seen: string[] = []
    for (const id of ids) {
      const { data } = await check(
        '/2/users/{id}/tweets',
        `/2/users/${id}/tweets?max_results=20&${xFields[xDialect]}&${userFields}`,
      )
      seen.push(...(data ?? []).map((tweet) => tweet.id))
    }
    expect(seen.length).toBeGreaterThan(500)
    const batch = [...seen.slice(0, 99), '1999999999999999999']
    await check('/2/tweets', `/2/tweets?ids=${batch.join(',')}&${xFields[xDialect]}`)
    const query = encodeURIComponent(
      names
        .slice(0, 15)
        .map((name) => `from:${name}`)
        .join(' OR '),
    )
    const found = await check(
      '/2/tweets/search/recent',
      `/2/tweets/search/recent?query=${query}&max_results=100&${xFields[xDialect]}`,
    )
    expect(found.meta.result_count).toBeGreaterThan(20)
    await sandbox.close()
  })

  test('Twitch, with dates loosened', async () => {
    const { sandbox, get, sources, twitch } = await openSandbox({
      now: new Date('2026-11-20T22:00:00Z'),
    })
    // Its reference claims dates and objects where Twitch sends "" and null.
    const validatorOf = openApiValidator(
      ['specs', 'twitch', 'openapi.json'],
      (name, value) =>
        (name === 'format' && value === 'date-time') || (name === 'type' && value === 'object'),
    )
    const headers = await twitch()
    const channels = (await sources('twitch')).slice(0, 100)
    const many = (name: string) =>
      channels.map(({ externalId }) => `${name}=${externalId}`).join('&')
    const check = async (path: string, query: string) => {
      const reply = await get(`/helix${path}?${query}`, headers)
      expectValid(validatorOf(path), reply)
      return reply.body as { data: { game_id: string; user_id: string }[] }
    }
    await check('/users', channels.map(({ handle }) => `login=${handle}`).join('&'))
    const { data: streams } = await check('/streams', `first=100&${many('user_id')}`)
    expect(streams.length).toBeGreaterThan(5)
    await check('/channels', many('broadcaster_id'))
    await check('/games', `id=${streams[0]?.game_id}`)
    await check('/channels/followers', `broadcaster_id=${channels[0]?.externalId}&first=1`)
    for (const { externalId } of channels.slice(0, 10)) {
      await check('/videos', `user_id=${externalId}&type=archive&first=5`)
      const schedule = await get(`/helix/schedule?broadcaster_id=${externalId}&first=5`, headers)
      if (schedule.status === 200) expectValid(validatorOf('/schedule'), schedule)
    }
    await sandbox.close()
  })

  test('YouTube', async () => {
    const { sandbox, get, sources, youtube } = await openSandbox()
    const discovery = readReference('specs', 'youtube', 'discovery-youtube-v3-20220817.json') as {
      schemas: Record<string, Json>
    }
    const ajv = createAjv()
    // Discovery names its schemas by id and refers to them by that name alone.
    for (const [name, schema] of Object.entries(discovery.schemas)) {
      const { id: _, ...rest } = JSON.parse(
        JSON.stringify(schema).replaceAll('"$ref":"', '"$ref":"discovery:'),
      ) as Json
      ajv.addSchema(rest, `discovery:${name}`)
    }
    const check = async (schema: string, path: string) => {
      const reply = await get(`/youtube/v3/${path}`, youtube)
      expectValid(ajv.compile({ $ref: `discovery:${schema}` }), reply)
      return reply.body as { items: { id: string; contentDetails: { videoId: string } }[] }
    }
    const ids = (await sources('youtube')).slice(0, 50).map(({ externalId }) => externalId)
    await check(
      'ChannelListResponse',
      `channels?part=snippet,statistics,contentDetails,status&id=${ids.join(',')}`,
    )
    const uploads = ids.slice(0, 12).map((id) => `UU${id.slice(2)}`)
    for (const playlistId of uploads) {
      const { items } = await check(
        'PlaylistItemListResponse',
        `playlistItems?part=snippet,contentDetails,status&maxResults=50&playlistId=${playlistId}`,
      )
      const videos = items.map(({ contentDetails }) => contentDetails.videoId)
      if (videos.length === 0) continue
      await check(
        'VideoListResponse',
        `videos?part=snippet,contentDetails,statistics,status&id=${videos.join('&id=')}`,
      )
      const threads = await get(
        `/youtube/v3/commentThreads?part=snippet,replies&videoId=${videos[0]}&maxResults=50`,
        youtube,
      )
      if (threads.status === 200)
        expectValid(ajv.compile({ $ref: 'discovery:CommentThreadListResponse' }), threads)
    }
    await check('VideoCategoryListResponse', 'videoCategories?part=snippet&regionCode=US')
    await check(
      'SearchListResponse',
      `search?part=snippet&type=video&order=date&channelId=${ids[0]}`,
    )
    await sandbox.close()
  })

  test('Reddit: the names of the recorded bodies', async () => {
    const { sandbox, get, sources, reddit } = await openSandbox()
    const recorded = readReference(
      'specs',
      'reddit',
      'go-reddit',
      'testdata',
      'listings',
      'posts-comments-subreddits.json',
    ) as {
      data: { children: { kind: string; data: Json }[] }
    }
    const known = (kind: string) =>
      recorded.data.children.find((child) => child.kind === kind)?.data ?? {}
    const headers = await reddit()
    const names = (await sources('reddit')).slice(0, 5).map(({ handle }) => handle)
    const posts = await get(`/r/${names.join('+')}/new?raw_json=1&limit=100`, headers)
    const about = await get(`/r/${names[0]}/about?raw_json=1`, headers)
    const children = (posts.body as typeof recorded).data.children
    expect(children).toHaveLength(100)
    for (const { kind, data } of children) expectKnown(kind, data, known('t3'))
    expectKnown('t5', (about.body as { data: Json }).data, known('t5'))
    await sandbox.close()
  })
})

const newerFields = [
  'author_fullname',
  'upvote_ratio',
  'score_hidden',
  'controversiality',
  'body_html',
]

/** Every field that we send is one of Reddit's, of the type that was recorded (or null there). */
function expectKnown(kind: string, data: Json, recorded: Json) {
  for (const [name, value] of Object.entries(data)) {
    if (!newerFields.includes(name))
      expect([kind, name, name in recorded]).toEqual([kind, name, true])
    const [was, is] = [recorded[name] ?? null, value]
    if (was !== null && is !== null && !['edited', 'likes'].includes(name)) {
      expect([name, typeof is]).toEqual([name, typeof was])
    }
  }
}
