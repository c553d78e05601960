import type { SandboxOptions } from '../../sandbox/index.ts'
import { createClient, noon, openSandbox, type Reply } from './sandbox-client.ts'

type Tweet = {
  id: string
  text: string
  created_at: string
  public_metrics: Record<string, number>
}
type Timeline = { data?: Tweet[]; meta: { next_token?: string; result_count: number } }

const fields = 'tweet.fields=public_metrics,created_at'

/** One answer of each platform, as texts. */
async function portrait(options: SandboxOptions) {
  const { sandbox, get, sources, x, youtube, reddit, twitch } = await openSandbox(options)
  const [accounts, channels, subreddits, streamers] = await Promise.all(
    ['twitter', 'youtube', 'reddit', 'twitch'].map((platform) => sources(platform)),
  )
  const names = subreddits
    ?.slice(0, 5)
    .map(({ handle }) => handle)
    .join('+')
  const logins = streamers
    ?.slice(0, 50)
    .map(({ handle }) => `user_login=${handle}`)
    .join('&')
  const replies = [
    await get(`/2/users/${accounts?.[0]?.externalId}/tweets?max_results=100&${fields}`, x),
    await get(
      `/youtube/v3/playlistItems?part=snippet&maxResults=50&playlistId=UU${channels?.[0]?.externalId.slice(2)}`,
      youtube,
    ),
    await get(`/youtube/v3/channels?part=statistics&id=${channels?.[0]?.externalId}`, youtube),
    await get(`/r/${names}/new?limit=100&raw_json=1`, await reddit()),
    await get(`/helix/streams?first=100&${logins}`, await twitch()),
  ]
  await sandbox.close()
  return replies.map(({ status, text }) => ({ status, text }))
}

describe('the invented world', () => {
  test('is the same for the same seed, time and speed, and another for another seed', async () => {
    const options = { now: noon, speed: 30, seed: 7 }
    const first = await portrait(options)
    expect(first.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(await portrait(options)).toEqual(first)
    const other = await portrait({ ...options, seed: 8 })
    for (const [index, { text }] of other.entries()) expect(text).not.toBe(first[index]?.text)
  })

  test('at speed 1 a restart on the next day sees the same past', async () => {
    const idsOn = async (now: Date) => {
      const { sandbox, get, sources, x } = await openSandbox({ now })
      const [account] = await sources('twitter')
      const end = noon.toISOString()
      const { body } = await get(
        `/2/users/${account?.externalId}/tweets?max_results=50&end_time=${end}`,
        x,
      )
      await sandbox.close()
      return (body as Timeline).data?.map(({ id }) => id)
    }
    expect(await idsOn(new Date('2026-11-21T09:00:00Z'))).toEqual(await idsOn(noon))
  })

  test('a fast world dates nothing in the future, keeps what it dated, and only grows', async () => {
    const { sandbox, get, control, sources, x } = await openSandbox({ speed: 600 })
    const accounts = (await sources('twitter')).slice(0, 12)
    const read = async () => {
      const tweets = new Map<string, Tweet>()
      for (const { externalId } of accounts) {
        const { body } = await get(`/2/users/${externalId}/tweets?max_results=100&${fields}`, x)
        for (const tweet of (body as Timeline).data ?? []) tweets.set(tweet.id, tweet)
      }
      return tweets
    }
    const before = await read()
    const count = before.size
    await control('POST', 'clock', { advanceMs: 60_000 })
    const now = Date.parse(((await control('GET', 'clock')).body as { now: string }).now)
    const after = await read()
    for (const { created_at } of after.values())
      expect(Date.parse(created_at)).toBeLessThanOrEqual(now)
    const fresh = [...after.values()].filter(
      ({ created_at }) => Date.parse(created_at) > noon.getTime(),
    )
    // A minute is ten hours there.
    expect(fresh.length).toBeGreaterThan(5)
    const kept = [...before.values()].filter(({ id }) => after.has(id))
    expect(kept.length).toBeGreaterThan(count / 3)
    for (const { id, created_at, text, public_metrics } of kept) {
      expect(after.get(id)).toMatchObject({ created_at, text })
      const later = after.get(id)?.public_metrics.like_count ?? -1
      expect(later).toBeGreaterThanOrEqual(public_metrics.like_count ?? 0)
    }
    await sandbox.close()
  })

  test('a change of speed leaves the past alone', async () => {
    const { sandbox, get, control, sources, x } = await openSandbox({ speed: 60 })
    const [account] = (await sources('twitter')).filter(({ habit }) => habit === 'busy')
    const path = `/2/users/${account?.externalId}/tweets?max_results=100&end_time=${noon.toISOString()}`
    const before = await get(path, x)
    await control('POST', 'clock', { speed: 5, advanceMs: 1000 })
    expect((await get(path, x)).text).toBe(before.text)
    expect((before.body as Timeline).meta.result_count).toBe(100)
    await sandbox.close()
  })

  test('streams start, have viewers and end within a day', async () => {
    const { sandbox, get, control, sources, twitch } = await openSandbox()
    const headers = await twitch()
    const names = (await sources('twitch'))
      .slice(0, 100)
      .map(({ handle }) => `user_login=${handle}`)
    const live = async () => {
      const { body } = await get(`/helix/streams?first=100&${names.join('&')}`, headers)
      return (body as { data: { id: string; viewer_count: number }[] }).data
    }
    const seen: string[][] = []
    for (let hour = 0; hour < 24; hour += 3) {
      const streams = await live()
      for (const { viewer_count } of streams) expect(viewer_count).toBeGreaterThanOrEqual(0)
      seen.push(streams.map(({ id }) => id))
      await control('POST', 'clock', { advanceMs: 3 * 3_600_000 })
    }
    expect(new Set(seen.flat()).size).toBeGreaterThan(40)
    for (const [index, ids] of seen.entries()) {
      const next = seen[index + 3]
      if (next) expect(ids.some((id) => !next.includes(id))).toBe(true)
    }
    await sandbox.close()
  })

  test('texts are many, in several languages, and some break careless exports', async () => {
    const { sandbox, get, sources, x } = await openSandbox()
    const texts: string[] = []
    const languages = new Set<string>()
    for (const { externalId } of await sources('twitter')) {
      const { body } = await get(
        `/2/users/${externalId}/tweets?max_results=100&tweet.fields=lang`,
        x,
      )
      for (const { text, lang } of (body as { data?: { text: string; lang?: string }[] }).data ??
        []) {
        texts.push(text.replace(/https:\S+/g, ''))
        languages.add(lang ?? 'none')
      }
    }
    expect(texts.length).toBeGreaterThan(8000)
    expect(new Set(texts).size / texts.length).toBeGreaterThan(0.9)
    expect([...languages].toSorted()).toEqual(['de', 'en', 'es', 'fr', 'ja', 'none', 'pt'])
    for (const start of ['=', '+', '-', '@']) {
      expect(texts.some((text) => text.startsWith(start))).toBe(true)
    }
    expect(texts.some((text) => text.includes('\n') && text.includes(','))).toBe(true)
    await sandbox.close()
  })

  test('comment numbers are the comments that can be read', async () => {
    const { sandbox, get, sources, youtube, reddit } = await openSandbox()
    const headers = await reddit()
    const [subreddit] = await sources('reddit')
    const top = await get(`/r/${subreddit?.handle}/top?t=month&limit=5&raw_json=1`, headers)
    for (const { data } of (top.body as Listing).data.children) {
      const found = await readable((path) => get(path, headers), data.id)
      expect(found).toBe(data.num_comments)
    }
    const [channel] = await sources('youtube')
    const list = `playlistId=UU${channel?.externalId.slice(2)}&maxResults=10&part=contentDetails`
    const items = (await get(`/youtube/v3/playlistItems?${list}`, youtube)).body as {
      items: { contentDetails: { videoId: string } }[]
    }
    const id = items.items[4]?.contentDetails.videoId
    const stats = (await get(`/youtube/v3/videos:batchGetStats?part=statistics&id=${id}`, youtube))
      .body as {
      items: { statistics: { commentCount: string } }[]
    }
    let found = 0
    for (let token = ''; ; ) {
      const page = (
        await get(
          `/youtube/v3/commentThreads?part=snippet&videoId=${id}&maxResults=100${token}`,
          youtube,
        )
      ).body as {
        items: { snippet: { totalReplyCount: number } }[]
        nextPageToken?: string
      }
      for (const { snippet } of page.items) found += 1 + snippet.totalReplyCount
      if (!page.nextPageToken) break
      token = `&pageToken=${page.nextPageToken}`
    }
    expect(found).toBe(Number(stats.items[0]?.statistics.commentCount))
    await sandbox.close()
  })

  test('one sandbox serves many clients at once without mixing them up', async () => {
    const { sandbox, sources } = await openSandbox()
    const [account] = await sources('twitter')
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const { get, x } = createClient(sandbox, `many-${index}`)
        return (await get(`/2/users/${account?.externalId}`, x)).headers.get(
          'x-rate-limit-remaining',
        )
      }),
    )
    expect(new Set(answers)).toEqual(new Set(['299']))
    await sandbox.close()
  })
})

type Thing = {
  kind: string
  data: {
    id: string
    num_comments: number
    count: number
    replies: Listing | ''
    parent_id: string
    children?: string[]
  }
}
type Listing = { data: { children: Thing[] } }

/** Comments of a post, those included that one answer is not deep enough for. */
async function readable(get: (path: string) => Promise<Reply>, id: string): Promise<number> {
  let found = 0
  for (const branches = ['']; branches.length > 0; ) {
    const from = branches.pop()
    const path = `/comments/${id}?raw_json=1&limit=50${from && `&comment=${from}`}`
    const [, tree] = (await get(path)).body as [Listing, Listing]
    // The comment that a branch hangs on is in the answer once more.
    found += sizeOf(tree) - (from ? 1 : 0)
    branches.push(...cutAt(tree))
  }
  return found
}

const cutAt = (listing: Listing | ''): string[] =>
  listing === ''
    ? []
    : listing.data.children.flatMap(({ kind, data }) =>
        kind === 'more'
          ? data.children?.length === 0
            ? [data.parent_id.replace('t1_', '')]
            : []
          : cutAt(data.replies),
      )

const sizeOf = (listing: Listing | ''): number =>
  listing === ''
    ? 0
    : listing.data.children.reduce(
        (sum, { kind, data }) => sum + (kind === 'more' ? data.count : 1 + sizeOf(data.replies)),
        0,
      )
