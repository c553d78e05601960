import { authors, days, type Pair, sources, type World } from './world-draws.ts'

/**
 * Posts in the order of time, thick at one hour of the day and thin at the opposite one. A few sources
 * publish most of it, and numbers are heavy-tailed, as they are.
 */
const drawn = `
  select n, s.platform, s.id as source_id, s.followers, at, category,
    $3::bigint + 5 * place + floor(5 * bench_draw(n, 2))::int as author_id,
    bench_grown(extract(epoch from $4::timestamptz - at) / 3600) as grown,
    2 * bench_draw(place + 7777, 9) + 1.2 * bench_normal(n, 3)
      + 0.4 * sin(extract(hour from at) / 3.82) as size
  from (
    select n, floor(${sources} * bench_draw(n, 1) ^ 2)::int as place,
      (array['gaming', 'music', 'news', 'sport', 'science', 'food', 'travel', 'fashion', 'film',
        'finance', null])[1 + floor(11 * bench_draw(n, 10) ^ 1.5)::int] as category,
      $4::timestamptz - interval '${days} days'
        + (floor(d) + (d - floor(d)) + 0.11 * sin(6.2831853 * (d - floor(d)))) * interval '1 day' as at
    from (select n, (n - 1 + bench_draw(n, 11)) * ${days}.0 / $2 as d
      from generate_series(1, $2::bigint) n) x) p
  join sources s on s.id = $3::bigint + p.place`

const numbers = `
  select *, case platform when 'twitter' then exp(6 + size) when 'youtube' then exp(8 + size) end
      * grown as views,
    case platform when 'reddit' then exp(3 + size) * grown end as score,
    case platform when 'twitch' then exp(4 + size) end as viewers
  from (${drawn}) d`

const insertPosts = `
  insert into posts (id, workspace_id, source_id, author_id, platform, kind, external_id, title, body,
    url, lang, category, published_at, ended_at, fetched_at, views, likes, comments, shares, score,
    upvote_ratio, viewers, audience, audience_at, promoted)
  select $3 + n, $1, source_id, author_id, platform,
    case platform when 'twitter' then 'tweet' when 'youtube' then 'video'
      when 'reddit' then 'reddit_post' else 'stream' end,
    'p' || n, case when platform <> 'twitter' then 'Title of ' || n end,
    'What somebody wrote about ' || coalesce(category, 'nothing') || ', as long as people write: '
      || md5(n::text), 'https://example.org/p/' || n, 'en', category, at,
    case when platform = 'twitch' and at + interval '315 minutes' <= $4::timestamptz
      then at + interval '315 minutes' end,
    $4, round(views), round(likes), round(coalesce(likes * 0.15, score * 0.4)
      * (0.5 + bench_draw(n, 13))),
    case when platform = 'twitter' then round(likes * 0.2 * bench_draw(n, 14)) end, round(score),
    case when platform = 'reddit' then 0.6 + 0.4 * bench_draw(n, 15) end, round(viewers),
    followers, at, bench_draw(n, 12) < 0.01
  from (select *, views * (0.02 + 0.04 * bench_draw(n, 7)) as likes from (${numbers}) v) l`

/** About three tags a post, the k-th most common one 1/k as often as the first; and one in fashion now. */
const insertTags = `
  insert into post_tags (workspace_id, tag, published_at, post_id)
  select distinct $1::bigint, tag, published_at, id from (
    select 'tag' || floor(exp(bench_draw(p.id - $2, 20 + t) * ln(2001)))::int as tag, published_at, id
    from posts p, generate_series(0, 2) t where p.workspace_id = $1 and kind <> 'comment'
    union all
    select 'breaking', published_at, id from posts
    where workspace_id = $1 and published_at > $3::timestamptz - interval '90 minutes'
      and id % 2 = 0) t`

const insertMoods = `
  insert into sentiments (post_id, workspace_id, model, negative, neutral, positive, compound,
    scored_at, published_at, source_id, platform, kind)
  select id, workspace_id, 'bench', greatest(0, -mood), 1 - abs(mood), greatest(0, mood), mood, $3,
    published_at, source_id, platform, kind
  from (select *, (2 * bench_draw(id - $2, 30) - 1)::real as mood from posts
    where workspace_id = $1 and (id - $2) % 20 <> 0) p`

/** Under every fiftieth post of Reddit; each eighth comment answers the post, the others the one before. */
const insertComments = `
  insert into posts (id, workspace_id, source_id, author_id, platform, kind, external_id, body,
    reply_to, thread_id, published_at, fetched_at, score)
  select $2 + $3 + row_number() over (order by p.id, j), p.workspace_id, p.source_id,
    $2 + 5 * (4 * (j * 7919 % 250) + 2) + j % 5, p.platform, 'comment', p.external_id || 'c' || j,
    'An answer of a few words, number ' || j,
    case when j % 8 = 1 then p.external_id else p.external_id || 'c' || j - 1 end, p.external_id,
    p.published_at + j * interval '4 minutes', $4,
    floor(20 * bench_draw(p.id * 100 + j, 32) ^ 3) - 1
  from posts p, lateral generate_series(1, 1 + floor(60 * bench_draw(p.id - $2, 33) ^ 2)::int) j
  where p.workspace_id = $1 and p.platform = 'reddit' and bench_draw(p.id - $2, 31) < 0.02
    and p.published_at + j * interval '4 minutes' <= $4::timestamptz`

export async function addPosts(clients: Pair, world: World): Promise<void> {
  const { workspaceId, posts, firstId, until } = world
  const [client, other] = clients
  await client.query(insertPosts, [workspaceId, posts, firstId, until])
  if (authors !== 5 * sources) throw new Error('Five authors a source, or their ids are wrong')
  await client.query(insertComments, [workspaceId, firstId, posts, until])
  await Promise.all([
    client.query(insertTags, [workspaceId, firstId, until]),
    other.query(insertMoods, [workspaceId, firstId, until]),
  ])
}
