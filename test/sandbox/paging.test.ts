import { openSandbox } from './sandbox-client.ts'

type Opened = Awaited<ReturnType<typeof openSandbox>>
let opened: Opened
beforeAll(async () => {
  opened = await openSandbox()
})
afterAll(() => opened.sandbox.close())

type Tweets = {
  data?: { id: string; author_id: string; text: string }[]
  meta: { next_token?: string; result_count: number; newest_id?: string }
  errors?: { title: string; value: string; type: string }[]
}
type Listing = {
  data: { after: string | null; dist: number; children: { kind: string; data: Post }[] }
}
type Post = { name: string; id: string; title: string; created_utc: number; subreddit: string }

describe('X', () => {
  test('pages lose and repeat nothing; since_id gives exactly what is newer', async () => {
    const { get, sources, x } = opened
    const [account] = (await sources('twitter')).filter(({ habit }) => habit === 'busy')
    const path = `/2/users/${account?.externalId}/tweets?max_results=100`
    const ids: string[] = []
    for (let token: string | undefined = '', first = true; first || token; first = false) {
      const { body } = await get(`${path}${token && `&pagination_token=${token}`}`, x)
      const page: Tweets = body
      ids.push(...(page.data ?? []).map(({ id }) => id))
      token = page.meta.next_token
    }
    expect(ids.length).toBeGreaterThan(500)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(ids.toSorted((a, b) => (BigInt(a) < BigInt(b) ? 1 : -1)))
    const newer = (await get(`${path}&since_id=${ids[30]}`, x)).body as Tweets
    expect(newer.data?.map(({ id }) => id)).toEqual(ids.slice(0, 30))
    const none = (await get(`${path}&since_id=${ids[0]}`, x)).body as Tweets
    expect(none).toEqual({ meta: { result_count: 0 } })
  })

  test('replies and retweets can be left out; a conversation can be searched', async () => {
    const { get, sources, x } = opened
    const [account] = (await sources('twitter')).filter(({ habit }) => habit === 'busy')
    const fields = 'max_results=100&tweet.fields=referenced_tweets,public_metrics'
    const { body } = await get(
      `/2/users/${account?.externalId}/tweets?${fields}&exclude=replies,retweets`,
      x,
    )
    const tweets = (
      body as {
        data: {
          id: string
          referenced_tweets?: { type: string }[]
          public_metrics: { reply_count: number }
        }[]
      }
    ).data
    const kinds = tweets.flatMap(
      ({ referenced_tweets }) => referenced_tweets?.map(({ type }) => type) ?? [],
    )
    expect(new Set(kinds)).toEqual(new Set(['quoted']))
    const answered = tweets.find(
      ({ public_metrics }) => public_metrics.reply_count > 2 && public_metrics.reply_count < 100,
    )
    const found = (
      await get(`/2/tweets/search/recent?max_results=100&query=conversation_id:${answered?.id}`, x)
    ).body as Tweets
    expect(found.meta.result_count).toBe(answered?.public_metrics.reply_count)
    const again = (await get(`/2/tweets?ids=${found.data?.map(({ id }) => id).join(',')}`, x))
      .body as Tweets
    expect(again.data?.map(({ text }) => text)).toEqual(found.data?.map(({ text }) => text))
  })

  test('search takes many accounts at once and refuses ids older than a week', async () => {
    const { get, sources, x } = opened
    const accounts = (await sources('twitter')).slice(0, 18)
    const query = encodeURIComponent(
      `(${accounts.map(({ handle }) => `from:${handle}`).join(' OR ')})`,
    )
    const ids = new Set<string>()
    const authors = new Set<string>()
    let last = ''
    for (let token: string | undefined = '', first = true; first || token; first = false) {
      const { body } = await get(
        `/2/tweets/search/recent?query=${query}&max_results=100&tweet.fields=author_id${token && `&next_token=${token}`}`,
        x,
      )
      const page: Tweets = body
      for (const { id, author_id, text } of page.data ?? []) {
        expect(text.startsWith('RT @')).toBe(false)
        expect(last === '' || BigInt(id) < BigInt(last)).toBe(true)
        last = id
        ids.add(id)
        authors.add(author_id)
      }
      token = page.meta.next_token
    }
    expect(ids.size).toBeGreaterThan(200)
    expect(authors.size).toBeGreaterThan(10)
    const old = await get(`/2/tweets/search/recent?query=${query}&since_id=1000000000000000000`, x)
    expect([old.status, old.text.includes("'since_id' must be a tweet id created after")]).toEqual([
      400,
      true,
    ])
    expect((await get(`/2/tweets/search/recent?query=${'a'.repeat(513)}`, x)).status).toBe(400)
  })

  test('batches answer for the missing, and too large ones are refused', async () => {
    const { get, sources, x } = opened
    const accounts = await sources('twitter')
    const gone = accounts.find(({ habit }) => habit === 'gone')
    const suspended = accounts.find(({ habit }) => habit === 'suspended')
    const { body } = await get(
      `/2/users/by?usernames=${accounts[0]?.handle},${gone?.handle},${suspended?.handle}`,
      x,
    )
    expect((body as Tweets).errors?.map(({ title, value }) => [title, value])).toEqual([
      ['Not Found Error', gone?.handle],
      ['Forbidden', suspended?.handle],
    ])
    const many = Array.from({ length: 101 }, (_, n) => n + 1).join(',')
    expect((await get(`/2/tweets?ids=${many}`, x)).status).toBe(400)
    expect((await get('/2/users/1/tweets?max_results=101', x)).status).toBe(400)
    expect((await get('/2/users/1/tweets?tweet.fields=nonsense', x)).status).toBe(400)
  })
})

describe('Reddit', () => {
  test('a listing of several subreddits is newest first, pages whole, and ends at 1,000', async () => {
    const { get, sources, reddit } = opened
    const headers = await reddit()
    const subreddits = (await sources('reddit')).slice(0, 30)
    const path = `/r/${subreddits.map(({ handle }) => handle).join('+')}/new?raw_json=1&limit=100`
    const posts: Post[] = []
    for (let after: string | null = '', first = true; first || after; first = false) {
      const { body } = await get(`${path}${after && `&after=${after}`}`, headers)
      const page: Listing = body
      posts.push(...page.data.children.map(({ data }) => data))
      after = page.data.after
    }
    expect(posts).toHaveLength(1000)
    expect(new Set(posts.map(({ name }) => name)).size).toBe(1000)
    const times = posts.map(({ created_utc }) => created_utc)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    const newer = (await get(`${path}&before=${posts[40]?.name}`, headers)).body as Listing
    expect(newer.data.children.map(({ data }) => data.name)).toEqual(
      posts.slice(0, 40).map(({ name }) => name),
    )
    const lost = (await get(`${path}&before=t3_zzzzzzz`, headers)).body as Listing
    expect(lost.data.children).toEqual([])
    const ids = posts.slice(900).map(({ name }) => name)
    const info = (await get(`/api/info?raw_json=1&id=${ids.join(',')}`, headers)).body as Listing
    expect(info.data.children.map(({ data }) => data.name)).toEqual(ids)
  })

  test('subreddits that are private, banned or gone say so; others come by name in one call', async () => {
    const { get, sources, reddit } = opened
    const headers = await reddit()
    const all = await sources('reddit')
    const nameOf = (habit: string) => all.find((source) => source.habit === habit)?.handle
    const { status, body } = await get(`/r/${nameOf('private')}/about`, headers)
    expect([status, body]).toEqual([403, { reason: 'private', message: 'Forbidden', error: 403 }])
    expect((await get(`/r/${nameOf('banned')}/new`, headers)).body).toMatchObject({
      reason: 'banned',
      error: 404,
    })
    expect((await get(`/r/${nameOf('gone')}/new`, headers)).status).toBe(404)
    const mixed = await get(`/r/${all[0]?.handle}+${nameOf('private')}/new`, headers)
    expect(mixed.status).toBe(200)
    const names = all.map(({ handle }) => handle).join(',')
    const info = (await get(`/api/info?sr_name=${names}`, headers)).body as Listing
    expect(new Set(info.data.children.map(({ kind }) => kind))).toEqual(new Set(['t5']))
    expect(info.data.dist).toBeGreaterThan(70)
  })

  test('texts are escaped unless raw_json=1', async () => {
    const { get, sources, reddit } = opened
    const headers = await reddit()
    const names = (await sources('reddit')).map(({ handle }) => handle).join('+')
    const textsOf = async (query: string) =>
      (await get(`/r/${names}/new?limit=100${query}`, headers)).text
    expect(await textsOf('')).toContain('Show &amp; tell')
    expect(await textsOf('&raw_json=1')).not.toContain('Show &amp; tell')
  })
})

describe('YouTube', () => {
  test('uploads page whole, agree with videoCount, and 304 answers what did not change', async () => {
    const { get, sources, youtube } = opened
    const channels = (await sources('youtube')).slice(0, 50)
    const stats = (
      await get(
        `/youtube/v3/channels?part=statistics&maxResults=50&${channels.map(({ externalId }) => `id=${externalId}`).join('&')}`,
        youtube,
      )
    ).body as {
      items: {
        id: string
        statistics: { videoCount: string; subscriberCount?: string; hiddenSubscriberCount: boolean }
      }[]
    }
    expect(
      stats.items.some(
        ({ statistics }) =>
          statistics.hiddenSubscriberCount && statistics.subscriberCount === undefined,
      ),
    ).toBe(true)
    for (const { id, statistics } of stats.items.slice(0, 4)) {
      const ids = new Set<string>()
      for (let token: string | undefined = '', first = true; first || token; first = false) {
        const path = `/youtube/v3/playlistItems?part=contentDetails&maxResults=50&playlistId=UU${id.slice(2)}${token && `&pageToken=${token}`}`
        const page = (await get(path, youtube)).body as {
          items: { contentDetails: { videoId: string } }[]
          nextPageToken?: string
        }
        for (const { contentDetails } of page.items) ids.add(contentDetails.videoId)
        token = page.nextPageToken
      }
      expect(String(ids.size)).toBe(statistics.videoCount)
    }
    const path = `/youtube/v3/playlistItems?part=snippet&playlistId=UU${channels[0]?.externalId.slice(2)}`
    const { headers } = await get(path, youtube)
    const again = await get(path, { ...youtube, 'if-none-match': headers.get('etag') ?? '' })
    expect([again.status, again.text]).toEqual([304, ''])
  })

  test('what is hidden is absent, what is missing is left out, what is wrong is refused', async () => {
    const { get, youtube } = opened
    const nothing = (await get('/youtube/v3/channels?part=id&id=UCnobody', youtube)).body
    expect(Object.keys(nothing)).toEqual(['kind', 'etag', 'pageInfo'])
    expect((await get('/youtube/v3/videos?part=id&id=aaaaaaaaaaa', youtube)).body).toMatchObject({
      items: [],
    })
    expect((await get('/youtube/v3/playlistItems?part=id&playlistId=UUx', youtube)).text).toContain(
      'playlistNotFound',
    )
    expect((await get('/youtube/v3/videos?id=a', youtube)).status).toBe(400)
    expect((await get('/youtube/v3/videos?part=nonsense&id=a', youtube)).text).toContain(
      'unknownPart',
    )
  })
})

describe('Twitch', () => {
  test('a page is 20 unless told, 101 ids are too many, one bad login spoils a batch', async () => {
    const { get, control, sources, twitch } = opened
    const headers = await twitch()
    await control('POST', 'clock', { now: '2026-11-20T20:00:00Z' })
    const ids = (await sources('twitch'))
      .slice(0, 100)
      .map(({ externalId }) => `user_id=${externalId}`)
    type Streams = { data: { id: string }[]; pagination: { cursor?: string } }
    const first = (await get(`/helix/streams?${ids.join('&')}`, headers)).body as Streams
    expect(first.data).toHaveLength(20)
    const rest = (
      await get(
        `/helix/streams?${ids.join('&')}&first=100&after=${first.pagination.cursor}`,
        headers,
      )
    ).body as Streams
    const all = (await get(`/helix/streams?${ids.join('&')}&first=100`, headers)).body as Streams
    expect([...first.data, ...rest.data].map(({ id }) => id)).toEqual(all.data.map(({ id }) => id))
    expect((await get(`/helix/streams?${ids.join('&')}&user_id=1`, headers)).status).toBe(400)
    expect((await get('/helix/users?login=good_name&login=bad-name!', headers)).status).toBe(400)
  })
})
