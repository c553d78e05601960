import { contextOf } from '../../../src/compose.ts'
import { commandOrigin } from '../../../src/core/origin.ts'
import { forWorkspace } from '../../../src/database/database.ts'
import { recomputeThreads } from '../../../src/features/threads/index.ts'
import { type SignedIn, startTestApp, type TestApp } from '../app.ts'
import { type Collected, collectedBy } from '../collected.ts'
import { missed } from '../measured-world.ts'

const now = new Date('2026-11-20T12:34:20Z')

export type Filled = {
  app: TestApp
  person: SignedIn
  world: Collected
  /** Ids by what a path calls their owner; the posts are a full one, a silent one and a discussed one. */
  ids: Record<'posts' | 'authors' | 'experiments' | 'reports' | 'sources', string[]>
  close: () => Promise<void>
}

const platforms = ['twitch', 'twitter', 'youtube', 'reddit'] as const

/** A workspace with something of everything that analytics tell, silent posts among it. */
export async function openFilled(): Promise<Filled> {
  const app = await startTestApp({ clock: { now: () => now } })
  const person = await app.signIn()
  const world = await collectedBy(app, person)
  const { client } = world
  const sources: string[] = []
  for (const platform of platforms) {
    sources.push(await world.source(platform, `${platform}-source`, '2026-08-01T00:00:00Z'))
    for (let n = 0; n < 6; n++) await world.author(platform, `${platform}-author-${n}`)
  }
  await client.query(`select ensure_sample_partitions('2026-08-01', 5)`)
  for (const statement of statements) await client.query(statement, [world.workspaceId, now])
  await missed(world, sources[1] ?? '', {
    from: '2026-11-15T00:00:00Z',
    to: '2026-11-15T06:00:00Z',
  })
  const ctx = contextOf(app.parts, new AbortController().signal, commandOrigin('test'))
  await recomputeThreads({ ...ctx, em: forWorkspace(ctx.em, world.workspaceId) })
  const authors = await idsOf(world, `select id from authors where handle like '%-0' order by id`)
  const posts = await idsOf(world, chosenPosts)
  const made = {
    experiments: await experimentsOf(person, authors),
    reports: [await create(person, '/api/analytics/reports', { name: 'All', request: {} })],
  }
  await person.call('PUT', `/api/posts/${posts[0]}/sentiment-label`, { label: 'negative' })
  const close = async () => {
    await world.close()
    await app.close()
  }
  return { app, person, world, ids: { posts, authors, sources, ...made }, close }
}

/** Three months back, every seven hours; each seventh post tells nothing. */
const posts = `
  insert into posts (workspace_id, source_id, author_id, platform, kind, external_id, title, body,
    category, published_at, ended_at, fetched_at, promoted, views, likes, comments, shares, score,
    upvote_ratio, audience)
  select $1, s.id, a.id, s.platform, k.kind, s.platform || n, 'Title ' || n, 'words ' || n,
    case when n % 5 > 0 then 'Art' || n % 2 end, t.at,
    case s.platform when 'twitch' then t.at + interval '3 hours' end, $2::timestamptz, n % 9 = 0,
    case when tells and s.platform in ('twitter', 'youtube') then 100 + n end,
    case when tells and s.platform in ('twitter', 'youtube') then n % 23 end,
    case when tells and s.platform <> 'twitch' then n % 7 end,
    case when tells and s.platform = 'twitter' then n % 3 end,
    case when tells and s.platform = 'reddit' then n % 40 end,
    case when tells and s.platform = 'reddit' then 0.9 end, case when tells then 1000 + n end
  from sources s cross join generate_series(0, 280) n
    cross join lateral (select $2::timestamptz - n * interval '7 hours' as at, n % 7 > 0 as tells) t
    cross join lateral (select case s.platform when 'twitch' then 'stream' when 'youtube' then 'video'
      when 'reddit' then 'reddit_post' else 'tweet' end as kind) k
    left join authors a on a.handle = s.platform || '-author-' || n % 6 and n % 11 > 0`

/** Six people say tea in the last hour, which nobody does at other times. */
const burst = `
  insert into posts (workspace_id, source_id, author_id, platform, kind, external_id, published_at,
    fetched_at, likes)
  select $1, s.id, a.id, 'twitter', 'tweet', 'tea' || n, $2::timestamptz - n * interval '1 minute',
    $2, 1
  from sources s cross join generate_series(1, 36) n
    join authors a on a.handle = 'twitter-author-' || n % 6 where s.platform = 'twitter'`

/** Threads of nine under every tenth post of Reddit; one comment of three tells nothing. */
const comments = `
  insert into posts (workspace_id, source_id, platform, kind, external_id, thread_id, reply_to, body,
    published_at, fetched_at, score)
  select $1, p.source_id, p.platform, 'comment', p.external_id || '.' || n, p.external_id,
    case when n % 3 = 1 then p.external_id else p.external_id || '.' || (n - 1) end, 'words of ' || n,
    p.published_at + n * interval '1 minute', $2, case when n % 3 > 0 then 30 end
  from posts p cross join generate_series(1, 9) n
  where p.platform = 'reddit' and p.kind = 'reddit_post' and p.id % 10 = 0`

const statements = [
  posts,
  burst,
  comments,
  `insert into post_tags select $1, tag, published_at, id from posts
     cross join lateral unnest(case when external_id like 'tea%' then array['tea', 'cup']
       when kind = 'comment' then '{}' else array['t' || id % 2, 'all'] end) tag
     where $2::timestamptz is not null`,
  `insert into sentiments select id, $1, 'tiny', x.of[1], x.of[2], x.of[3], x.of[4], $2 from posts
     cross join lateral (select case id % 3 when 0 then array[0.8, 0.1, 0.1, -0.7]
       else array[0.1, 0.2, 0.7, 0.6] end as of) x where id % 4 > 0`,
  `insert into post_samples (workspace_id, post_id, sampled_at, views, likes, comments, shares, score,
     viewers)
   select $1, id, published_at + hours * interval '1 hour', views, likes, comments, shares, score,
     case platform when 'twitch' then 10 * hours end
   from posts cross join unnest(array[1, 3, 24]) hours
   where published_at + hours * interval '1 hour' < $2 and kind <> 'comment'`,
  `insert into source_samples (source_id, sampled_at, workspace_id, followers)
   select id, $2::timestamptz - n * interval '1 day', $1, 1000 - n
   from sources cross join generate_series(1, 60) n where n % 9 > 0`,
]

const chosenPosts = `
  select id from (
    select min(id) filter (where likes is not null) as full,
      min(id) filter (where likes is null and platform = 'twitter') as silent,
      min(id) filter (where exists (select from posts c where c.thread_id = p.external_id)) as discussed
    from posts p where kind <> 'comment') x
  cross join lateral (values (x.full), (x.silent), (x.discussed)) v (id)`

const idsOf = async ({ client }: Collected, text: string): Promise<string[]> =>
  (await client.query(text)).rows.map(({ id }) => String(id))

async function create({ call }: SignedIn, path: string, body: object): Promise<string> {
  const { status, body: made } = await call('POST', path, body)
  if (status !== 201) throw new Error(`${path} answered ${status}: ${JSON.stringify(made)}`)
  return (made as { id: string }).id
}

async function experimentsOf(person: SignedIn, authors: string[]): Promise<string[]> {
  const treatments = [
    { kind: 'promotion' },
    { kind: 'posting_times', hours: [18, 19, 20] },
    { kind: 'coach_authors', authorIds: authors.slice(0, 2) },
  ]
  const ids: string[] = []
  for (const startsAt of ['2026-10-10', '2026-12-01']) {
    for (const treatment of treatments) {
      const body = { name: treatment.kind, hypothesis: 'It does better.', treatment, startsAt }
      ids.push(
        await create(person, '/api/analytics/experiments', { ...body, endsAt: '2026-12-20' }),
      )
    }
  }
  return ids
}
