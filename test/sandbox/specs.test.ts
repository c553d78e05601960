import type { Description } from '../support/specs/exchange.ts'
import { redditDescription } from '../support/specs/reddit.description.ts'
import { twitchDescription } from '../support/specs/twitch.description.ts'
import { xDescription } from '../support/specs/x.description.ts'
import { youtubeDescription } from '../support/specs/youtube.description.ts'
import { describeWith } from './reference.ts'
import { openSandbox, type Reply } from './sandbox-client.ts'

type Json = Record<string, unknown>
type Client = Awaited<ReturnType<typeof openSandbox>>

/** Asks for a path and holds the answer against the platform's description. */
const checker =
  ({ get, sandbox }: Client, description: Description, headers: Record<string, string>) =>
  async (path: string): Promise<Reply> => {
    const reply = await get(path, headers)
    const exchange = {
      method: 'GET',
      url: new URL(path, sandbox.url),
      headers,
      form: new URLSearchParams(),
      status: reply.status,
      answer: reply.body as unknown,
    }
    expect([path, description.response(exchange)]).toEqual([path, []])
    return reply
  }

const xFields = {
  tweet:
    'tweet.fields=public_metrics,created_at,lang,entities,referenced_tweets,conversation_id,author_id,in_reply_to_user_id&expansions=author_id,referenced_tweets.id',
  post: 'post.fields=public_metrics,created_at,lang,entities,conversation_id&expansions=author_id,referenced_posts',
}
const userFields =
  'user.fields=public_metrics,created_at,description,verified,verified_type,protected,location,profile_image_url'

// The adapters' own requests are checked in test/platforms/specs.test.ts; here is what they leave out.
describeWith('specs', 'answers hold against the official descriptions', () => {
  test.each(['tweet', 'post'] as const)('X, dialect %s', async (xDialect) => {
    const client = await openSandbox({ xDialect })
    const ask = checker(client, xDescription(xDialect), client.x)
    const accounts = await client.sources('twitter')
    const names = accounts.slice(0, 60).map(({ handle }) => handle)
    const ids = accounts.slice(0, 60).map(({ externalId }) => externalId)
    const check = async (path: string) => {
      const reply = await ask(path)
      expect(reply.status).toBe(200)
      return reply.body as { data: { id: string }[]; meta: Json }
    }
    await check(`/2/users/by?usernames=${names.join(',')}&${userFields}`)
    await check(`/2/users/by/username/${names[0]}?${userFields}`)
    await check('/2/users/by/username/nobody_at_all')
    await check(`/2/users?ids=${ids.join(',')}&${userFields}`)
    await check(`/2/users/${ids[0]}?${userFields}`)
    const seen: string[] = []
    for (const id of ids) {
      const fields = `${xFields[xDialect]}&${userFields}`
      const { data } = await check(`/2/users/${id}/tweets?max_results=20&${fields}`)
      seen.push(...(data ?? []).map((tweet) => tweet.id))
    }
    expect(seen.length).toBeGreaterThan(500)
    const batch = [...seen.slice(0, 99), '1999999999999999999']
    await check(`/2/tweets?ids=${batch.join(',')}&${xFields[xDialect]}`)
    const from = names.slice(0, 15).map((name) => `from:${name}`)
    const query = encodeURIComponent(from.join(' OR '))
    const found = await check(
      `/2/tweets/search/recent?query=${query}&max_results=100&${xFields[xDialect]}`,
    )
    expect(found.meta.result_count).toBeGreaterThan(20)
    await client.sandbox.close()
  })

  test('Twitch, with dates loosened', async () => {
    const client = await openSandbox({ now: new Date('2026-11-20T22:00:00Z') })
    const ask = checker(client, twitchDescription(), await client.twitch())
    const channels = (await client.sources('twitch')).slice(0, 100)
    const many = (name: string) =>
      channels.map(({ externalId }) => `${name}=${externalId}`).join('&')
    const check = async (path: string, query: string) => {
      const reply = await ask(`/helix${path}?${query}`)
      expect(reply.status).toBe(200)
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
      await ask(`/helix/schedule?broadcaster_id=${externalId}&first=5`)
    }
    await client.sandbox.close()
  })

  test('YouTube', async () => {
    const client = await openSandbox()
    const ask = checker(client, youtubeDescription(), client.youtube)
    const check = async (path: string) => {
      const reply = await ask(`/youtube/v3/${path}`)
      expect(reply.status).toBe(200)
      return reply.body as { items: { id: string; contentDetails: { videoId: string } }[] }
    }
    const ids = (await client.sources('youtube')).slice(0, 50).map(({ externalId }) => externalId)
    await check(`channels?part=snippet,statistics,contentDetails,status&id=${ids.join(',')}`)
    const uploads = ids.slice(0, 12).map((id) => `UU${id.slice(2)}`)
    for (const playlistId of uploads) {
      const { items } = await check(
        `playlistItems?part=snippet,contentDetails,status&maxResults=50&playlistId=${playlistId}`,
      )
      const videos = items.map(({ contentDetails }) => contentDetails.videoId)
      if (videos.length === 0) continue
      await check(`videos?part=snippet,contentDetails,statistics,status&id=${videos.join('&id=')}`)
      await ask(
        `/youtube/v3/commentThreads?part=snippet,replies&videoId=${videos[0]}&maxResults=50`,
      )
    }
    await check('videoCategories?part=snippet&regionCode=US')
    await check(`search?part=snippet&type=video&order=date&channelId=${ids[0]}`)
    await client.sandbox.close()
  })

  test('Reddit: the names of the recorded bodies', async () => {
    const client = await openSandbox()
    const ask = checker(client, redditDescription(), await client.reddit())
    const names = (await client.sources('reddit')).slice(0, 5).map(({ handle }) => handle)
    const posts = await ask(`/r/${names.join('+')}/new?raw_json=1&limit=100`)
    await ask(`/r/${names[0]}/about?raw_json=1`)
    expect((posts.body as { data: { children: Json[] } }).data.children).toHaveLength(100)
    await client.sandbox.close()
  })
})
