import { expectedPosts } from '../../sandbox/real-world/expected.ts'
import { describeWith, referencePath } from './reference.ts'
import { openSandbox } from './sandbox-client.ts'

type Opened = Awaited<ReturnType<typeof openSandbox>>
type Expected = Awaited<ReturnType<typeof collectExpected>>

async function collectExpected() {
  const posts = new Map<string, Record<string, unknown>>()
  for await (const { platform, externalId, sourceHandle, ...figures } of expectedPosts(
    referencePath('data'),
  )) {
    posts.set(`${platform} ${externalId}`, { sourceHandle, ...figures })
  }
  return posts
}

describeWith('data', 'real posts are served with their own numbers', () => {
  let opened: Opened
  let expected: Expected
  beforeAll(async () => {
    opened = await openSandbox({ world: referencePath('data') })
    expected = await collectExpected()
  }, 60_000)
  afterAll(() => opened.sandbox.close())
  const figuresOf = (key: string) => {
    const { sourceHandle: _, ...figures } = expected.get(key) ?? {}
    return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== null))
  }

  test('Twitch: every channel is live with its average of viewers', async () => {
    const { get, sources, twitch } = opened
    const headers = await twitch()
    const channels = await sources('twitch')
    expect(channels.length).toBe(652)
    expect(new Set(channels.map(({ externalId }) => externalId)).size).toBe(652)
    let seen = 0
    for (let from = 0; from < channels.length; from += 100) {
      const ids = channels.slice(from, from + 100).map(({ externalId }) => `user_id=${externalId}`)
      const { body } = await get(`/helix/streams?first=100&${ids.join('&')}`, headers)
      for (const { id, viewer_count } of (body as { data: { id: string; viewer_count: number }[] })
        .data) {
        expect({ viewers: viewer_count }).toEqual(figuresOf(`twitch ${id}`))
        seen++
      }
    }
    expect(seen).toBe(652)
  })

  test('X: a timeline of 3,200 with likes, replies and retweets, and nothing that is not known', async () => {
    const { get, x } = opened
    const user = (await get('/2/users/by/username/barackobama?user.fields=public_metrics', x))
      .body as { data: { id: string } }
    expect(user.data).not.toHaveProperty('public_metrics')
    let seen = 0
    for (let token: string | undefined = '', first = true; first || token; first = false) {
      const path = `/2/users/${user.data.id}/tweets?max_results=100&tweet.fields=public_metrics${token && `&pagination_token=${token}`}`
      const page = (await get(path, x)).body as {
        data: { id: string; public_metrics: Record<string, number> }[]
        meta: { next_token?: string }
      }
      for (const { id, public_metrics: numbers } of page.data) {
        const shown = {
          likes: numbers.like_count,
          comments: numbers.reply_count,
          shares: numbers.retweet_count,
        }
        expect(shown).toEqual(figuresOf(`twitter ${id}`))
        expect(numbers).not.toHaveProperty('impression_count')
        seen++
      }
      token = page.meta.next_token
    }
    expect(seen).toBe(3200)
  })

  test('YouTube: views, likes and comments of every video', async () => {
    const { get, sources, youtube } = opened
    const channels = await sources('youtube')
    let seen = 0
    for (const { externalId } of channels.slice(0, 150)) {
      const list = `playlistId=UU${externalId.slice(2)}&maxResults=50&part=contentDetails`
      const page = (await get(`/youtube/v3/playlistItems?${list}`, youtube)).body as {
        items: { contentDetails: { videoId: string } }[]
      }
      const ids = page.items.map(({ contentDetails }) => contentDetails.videoId)
      const stats = (
        await get(`/youtube/v3/videos:batchGetStats?part=statistics&id=${ids.join(',')}`, youtube)
      ).body as {
        items: { id: string; statistics: Record<string, string> }[]
      }
      for (const { id, statistics } of stats.items) {
        const { viewCount, likeCount, commentCount } = statistics
        const shown = {
          views: Number(viewCount),
          likes: Number(likeCount),
          comments: Number(commentCount),
        }
        expect(shown).toEqual(figuresOf(`youtube ${id}`))
        seen++
      }
    }
    expect(seen).toBeGreaterThan(150)
  })

  test('Reddit: 199 subreddits, each up to its thousand newest', async () => {
    const { get, sources, reddit } = opened
    const headers = await reddit()
    const subreddits = await sources('reddit')
    expect(subreddits).toHaveLength(199)
    let seen = 0
    for (const { handle } of subreddits.slice(0, 20)) {
      for (let after: string | null = '', first = true; first || after; first = false) {
        const page = (
          await get(`/r/${handle}/new?raw_json=1&limit=100${after && `&after=${after}`}`, headers)
        ).body as {
          data: {
            after: string | null
            children: {
              data: { id: string; score: number; num_comments: number; upvote_ratio?: number }
            }[]
          }
        }
        for (const { data } of page.data.children) {
          const shown = {
            score: data.score,
            comments: data.num_comments,
            ...(data.upvote_ratio !== undefined && { upvoteRatio: data.upvote_ratio }),
          }
          expect(shown).toEqual(figuresOf(`reddit ${data.id}`))
          seen++
        }
        after = page.data.after
      }
    }
    expect(seen).toBeGreaterThan(15_000)
  })
})
