import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'

type Item = { id: string; publishedAt: string; [field: string]: unknown }
type Page = { items: Item[]; nextCursor: string | null }

let app: TestApp
let person: SignedIn
let stranger: SignedIn
let mine: Collected
let theirs: Collected

beforeAll(async () => {
  app = await startTestApp()
  ;[person, stranger] = [await app.signIn(), await app.signIn()]
  ;[mine, theirs] = [await collectedBy(app, person), await collectedBy(app, stranger)]
})
afterAll(async () => {
  await mine.close()
  await theirs.close()
  await app.close()
})

const page = async (path: string, who = person): Promise<Page> => {
  const answer = await who.call('GET', path)
  expect({ path, status: answer.status, body: answer.body }).toMatchObject({ status: 200 })
  return answer.body
}
const idsOf = async (path: string, who = person) =>
  (await page(path, who)).items.map(({ id }) => id)

async function walk(
  path: string,
  betweenPages: (page: number) => Promise<unknown> = async () => {},
) {
  const seen: Item[] = []
  let cursor: string | null = null
  for (let number = 0; ; number++) {
    const answer: Page = await page(cursor ? `${path}&cursor=${cursor}` : path)
    seen.push(...answer.items)
    cursor = answer.nextCursor
    if (!cursor) return seen
    await betweenPages(number)
  }
}

describe('one post', () => {
  test('shows all that was collected, and null where the platform says nothing', async () => {
    const source = await mine.source('twitter', 'ada')
    const author = await mine.author('twitter', 'Ada_L')
    const id = await mine.post(source, {
      author_id: author,
      body: 'Engines that weave',
      tags: ['weaving', 'engines'],
      mentions: ['charles'],
      likes: 3,
      scores: [0.1, 0.2, 0.7, 0.6],
      published_at: '2026-10-10T10:00:00.123456Z',
    })
    const { items } = await page(`/api/posts?source=${source}`)
    const expected = {
      id,
      platform: 'twitter',
      kind: 'tweet',
      source: { id: source, handle: 'ada', title: 'ADA' },
      author: { id: author, handle: 'Ada_L', displayName: 'ADA_L' },
      title: null,
      body: 'Engines that weave',
      hashtags: ['engines', 'weaving'],
      mentions: ['charles'],
      publishedAt: '2026-10-10T10:00:00.123Z',
      endedAt: null,
      metrics: { views: null, likes: 3, viewers: null, score: null, upvoteRatio: null },
      sentiment: { label: 'positive', negative: 0.1, positive: 0.7, compound: 0.6, model: 'tiny' },
    }
    expect(items).toMatchObject([expected])
    expect((await person.call('GET', `/api/posts/${id}`)).body).toMatchObject(expected)
    expect((await stranger.call('GET', `/api/posts/${id}`)).status).toBe(404)
    expect((await stranger.call('GET', `/api/posts/${id}/samples`)).status).toBe(404)
  })
})

describe('filters', () => {
  const ids: Record<string, string> = {}
  let reddit: string

  beforeAll(async () => {
    reddit = await mine.source('reddit', 'r-filters')
    const tube = await mine.source('youtube', 'filters')
    const ada = await mine.author('reddit', 'Mixed_Case')
    const twin = await mine.author('youtube', 'mixed_case')
    const put = async (name: string, source: string, post: Parameters<Collected['post']>[1]) => {
      ids[name] = await mine.post(source, post)
    }
    await put('happy', reddit, {
      author_id: ada,
      title: 'A quokka smiles',
      tags: ['joy'],
      scores: [0, 0.1, 0.9, 0.9],
      published_at: '2026-05-03T00:00:00Z',
    })
    await put('tied', reddit, {
      title: 'Quokka facts',
      tags: ['facts'],
      scores: [0.4, 0.2, 0.4, 0],
      published_at: '2026-05-02T00:00:00Z',
    })
    await put('angry', tube, {
      author_id: twin,
      title: 'No more',
      body: 'where did the quokka go',
      tags: ['joy'],
      scores: [0.8, 0.1, 0.1, -0.7],
      published_at: '2026-05-01T00:00:00Z',
    })
    await put('comment', reddit, {
      kind: 'comment',
      body: 'first',
      published_at: '2026-04-30T00:00:00Z',
    })
    const other = await theirs.source('reddit', 'r-filters')
    await theirs.post(other, { title: 'a foreign quokka', tags: ['joy'] })
  })

  const cases: [query: string, names: string[]][] = [
    ['platform=youtube&to=2026-06-01', ['angry']],
    ['text=quokka', ['happy', 'tied', 'angry']],
    ['text=quokka -smiles', ['tied', 'angry']],
    ['text="quokka facts"', ['tied']],
    ['text=quokka&tag=JOY', ['happy', 'angry']],
    ['text=!!', []],
    ['tag=%23joy', ['happy', 'angry']],
    ['author=@mixed_CASE', ['happy', 'angry']],
    ['author=u/mixed_case&platform=reddit', ['happy']],
    ['author=nobody', []],
    ['text=quokka&sentiment=positive', ['happy']],
    ['text=quokka&sentiment=neutral', ['tied']],
    ['text=quokka&sentiment=negative', ['angry']],
    ['text=quokka&minCompound=-0.5', ['happy', 'tied']],
    ['text=quokka&minCompound=-0.5&maxCompound=0', ['tied']],
    ['text=quokka&from=2026-05-02T00:00:00Z&to=2026-05-03T00:00:00Z', ['tied']],
    ['text=quokka&from=2026-05-02T02:00:00%2B02:00', ['happy', 'tied']],
    ['kind=comment', ['comment']],
    ['kind=video&platform=reddit', []],
  ]
  test.each(cases)('%s', async (query, names) => {
    expect(await idsOf(`/api/posts?${query}`)).toEqual(names.map((name) => ids[name]))
  })

  test('by source and by author id', async () => {
    expect(await idsOf(`/api/posts?source=${reddit}`)).toEqual([ids.happy, ids.tied, ids.comment])
    const { items } = await page(`/api/posts/?source=${reddit}&limit=1`)
    const author = items[0]?.author as { id: string } | undefined
    expect(await idsOf(`/api/posts?author=${author?.id}`)).toEqual([ids.happy])
  })

  test('each platform has its own list, and it is the same one', async () => {
    expect(await idsOf('/api/reddit/posts?text=quokka')).toEqual([ids.happy, ids.tied])
    expect(await idsOf('/api/youtube/videos?text=quokka')).toEqual([ids.angry])
    expect((await person.call('GET', '/api/twitter/tweets?platform=reddit')).status).toBe(400)
  })

  test.each([
    'from=yesterday',
    'from=0000-01-01',
    'limit=201',
    'limit=0',
    'sentiment=sad',
    'source=x',
    'cursor=AAAA',
    'minCompound=2',
    'nope=1',
    `cursor=${Buffer.from('["2026-02-30T00:00:00.000000Z","1"]').toString('base64url')}`,
  ])('%s is refused in words', async (query) => {
    const { status, body } = await person.call('GET', `/api/posts?${query}`)
    expect({ status, body }).toMatchObject({ status: 400, body: { code: 'invalid_input' } })
  })

  test('the door of the text index opens to one workspace, and to none without a setting', async () => {
    const found = async (who: Collected) =>
      (await who.client.query(`select post_id from matching_posts('quokka', null, null)`)).rows.map(
        (row) => row.post_id,
      )
    expect((await found(mine)).toSorted()).toEqual([ids.happy, ids.tied, ids.angry].toSorted())
    expect(await found(theirs)).toHaveLength(1)
    await theirs.client.query(`select set_config('app.workspace_id', '', false)`)
    expect(await found(theirs)).toEqual([])
    await theirs.client.query(`select set_config('app.workspace_id', $1, false)`, [
      theirs.workspaceId,
    ])
  })

  test('a stranger finds nothing of it', async () => {
    const found = await page('/api/posts?text=quokka', stranger)
    expect(found.items.map(({ title }) => title)).toEqual(['a foreign quokka'])
  })
})

describe('pages', () => {
  test('visit each post once while others arrive, whatever their times', async () => {
    const micros = fc.integer({ min: 0, max: 20 })
    const scenario = fc.record({
      times: fc.array(micros, { minLength: 1, maxLength: 15 }),
      arriving: fc.array(micros, { maxLength: 8 }),
      limit: fc.integer({ min: 1, max: 5 }),
      filter: fc.constantFrom('', '&text=paging', '&tag=paging', '&author=pager'),
    })
    const at = (micro: number) => `2026-03-03T03:03:03.${String(micro).padStart(6, '0')}Z`
    const author = await mine.author('twitter', 'pager')
    let serial = 0
    await fc.assert(
      fc.asyncProperty(scenario, async ({ times, arriving, limit, filter }) => {
        const source = await mine.source('twitter', `pages-${++serial}`)
        const put = (micro: number) =>
          mine.post(source, {
            author_id: author,
            body: 'paging',
            tags: ['paging'],
            published_at: at(micro),
          })
        const there: string[] = []
        for (const micro of times) there.push(await put(micro))
        const rest = [...arriving]
        const seen = await walk(`/api/posts?source=${source}&limit=${limit}${filter}`, async () => {
          const next = rest.pop()
          if (next !== undefined) await put(next)
        })
        const seenIds = seen.map(({ id }) => id)
        expect(new Set(seenIds).size).toBe(seenIds.length)
        expect(seenIds).toEqual(expect.arrayContaining(there))
        expect(seen.map((item) => item.publishedAt)).toEqual(
          seen
            .map((item) => item.publishedAt)
            .toSorted()
            .toReversed(),
        )
      }),
      { numRuns: 40 },
    )
  })

  test('a text is found beyond the newest posts, through the index', async () => {
    const source = await mine.source('twitter', 'haystack')
    await mine.client.query(
      `insert into posts (workspace_id, source_id, platform, kind, external_id, body, published_at, fetched_at)
       select $1, $2, 'twitter', 'tweet', 'hay' || i, case when i % 1000 = 0 then 'needle' else 'hay' end,
         '2025-01-01'::timestamptz + i * interval '1 minute', now() from generate_series(1, 5000) i`,
      [mine.workspaceId, source],
    )
    const found = await walk(`/api/posts?source=${source}&text=needle&limit=2`)
    expect(found.map((item) => item.externalId)).toEqual([
      'hay5000',
      'hay4000',
      'hay3000',
      'hay2000',
      'hay1000',
    ])
    expect((await walk(`/api/posts?source=${source}&text=hay&limit=200`)).length).toBe(4995)
    const range = 'from=2025-01-02&to=2025-01-03T00:00:00Z'
    expect((await walk(`/api/posts?text=needle&${range}`)).map((item) => item.externalId)).toEqual([
      'hay2000',
    ])
  })
})

test('samples come oldest first, page by page, as they were measured', async () => {
  const source = await mine.source('youtube', 'sampled')
  const id = await mine.post(source)
  await mine.client.query(
    `insert into post_samples (post_id, sampled_at, workspace_id, views)
     select $1, '2026-11-01'::timestamptz + i * interval '1 hour', $2, nullif(i, 3) from generate_series(1, 5) i`,
    [id, mine.workspaceId],
  )
  const items = await walk(`/api/posts/${id}/samples?limit=2`)
  expect(items.map(({ views }) => views)).toEqual([1, 2, null, 4, 5])
  expect(items[0]).toMatchObject({ sampledAt: '2026-11-01T01:00:00.000Z', likes: null })
  const part = `/api/posts/${id}/samples?from=2026-11-01T02:00:00Z&to=2026-11-01T04:00:00Z`
  expect((await page(part)).items.map(({ views }) => views)).toEqual([2, null])
})

describe('the views', () => {
  const count = async (view: string, who: Collected) =>
    Number((await who.client.query(`select count(*) from ${view}`)).rows[0].count)

  test('show one workspace its own rows', async () => {
    const twitch = await mine.source('twitch', 'viewed')
    const stream = await mine.post(twitch, {
      title: 'Late title',
      category: 'Chess',
      published_at: '2026-11-02T10:00:00Z',
    })
    await mine.client.query(
      `insert into post_samples (post_id, sampled_at, workspace_id, viewers) values
         ($1, '2026-11-02T10:15:00Z', $2, 10), ($1, '2026-11-02T10:30:00Z', $2, 20)`,
      [stream, mine.workspaceId],
    )
    await mine.client.query(
      `insert into stream_changes values ($1, '2026-11-02T10:00:00Z', $2, 'Early title', 'Go'),
         ($1, '2026-11-02T10:20:00Z', $2, 'Late title', 'Chess')`,
      [stream, mine.workspaceId],
    )
    const records = await mine.client.query(
      `select title, game_name, viewer_count::int, is_live from twitch_stream_records
       where channel_id = $1 order by recorded_at`,
      [twitch],
    )
    expect(records.rows).toEqual([
      { title: 'Early title', game_name: 'Go', viewer_count: 10, is_live: true },
      { title: 'Late title', game_name: 'Chess', viewer_count: 20, is_live: true },
    ])
    for (const view of ['tweets', 'youtube_videos', 'reddit_posts', 'twitch_stream_records']) {
      expect([view, (await count(view, mine)) > 0]).toEqual([view, true])
    }
    expect(await count('tweets', theirs)).toBe(0)
    expect(await count('reddit_posts', theirs)).toBe(1)
    expect(await count('twitch_stream_records', theirs)).toBe(0)
  })

  test('name an author, a flair and the counts as BI tools expect them', async () => {
    const source = await mine.source('reddit', 'bi')
    const author = await mine.author('reddit', 'bi-author')
    await mine.post(source, { author_id: author, title: 'T', body: 'B', category: 'Flair' })
    const { rows } = await mine.client.query(
      `select title, content, author, flair, num_comments from reddit_posts where subreddit_id = $1`,
      [source],
    )
    expect(rows).toEqual([
      { title: 'T', content: 'B', author: 'bi-author', flair: 'Flair', num_comments: null },
    ])
  })
})
