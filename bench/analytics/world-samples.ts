import type pg from 'pg'
import { ages, streamLooks, type World } from './world-draws.ts'

const grownAt = (column: string) => `round(p.${column} * share)`

/** Each look at a post sees the share of its numbers that it had by then; a stream's viewers come and go. */
const insertSamples = `
  insert into post_samples (post_id, sampled_at, workspace_id, views, likes, comments, shares, score,
    upvote_ratio, viewers)
  select p.id, p.published_at + age_h * interval '1 hour', p.workspace_id, ${grownAt('views')},
    ${grownAt('likes')}, ${grownAt('comments')}, ${grownAt('shares')}, ${grownAt('score')},
    p.upvote_ratio, null
  from posts p, unnest($2::float8[]) age_h, lateral (select bench_grown(age_h)
    / bench_grown(extract(epoch from $3::timestamptz - p.published_at) / 3600) as share) g
  where p.workspace_id = $1 and p.kind not in ('comment', 'stream')
    and p.published_at + age_h * interval '1 hour' <= $3::timestamptz`

const insertStreamSamples = `
  insert into post_samples (post_id, sampled_at, workspace_id, viewers)
  select p.id, p.published_at + k * interval '15 minutes', p.workspace_id,
    round(p.viewers * (0.6 + 0.4 * sin(3.14159 * (k + 1) / 22)))
  from posts p, generate_series(0, ${streamLooks - 1}) k
  where p.workspace_id = $1 and p.kind = 'stream'
    and p.published_at + k * interval '15 minutes' <= $2::timestamptz`

/** Posts that are not a day old yet have the look at 18 hours for it: the nearest within reach. */
const insertMilestones = `
  insert into post_milestones (post_id, age_hours, workspace_id, source_id, platform, kind,
    published_at, age_s, sampled_at, views, likes, comments, shares, score, engagement)
  select id, hours, workspace_id, source_id, platform, kind, published_at, age_h * 3600,
    published_at + age_h * interval '1 hour', views, likes, comments, shares, score,
    engagement_of(platform, likes, comments, shares, score)
  from (select p.id, a.hours, o.age_h, p.workspace_id, p.source_id, p.platform, p.kind,
      p.published_at, ${['views', 'likes', 'comments', 'shares', 'score']
        .map((column) => `${grownAt(column)}::bigint as ${column}`)
        .join(', ')}
    from posts p, (values (1::smallint, 1), (6::smallint, 6), (24::smallint, 18),
        (168::smallint, 168)) a (hours, else_h),
      lateral (select case when p.published_at + a.hours * interval '1 hour' <= $2::timestamptz
        then a.hours else a.else_h end as age_h) o,
      lateral (select bench_grown(o.age_h)
        / bench_grown(extract(epoch from $2::timestamptz - p.published_at) / 3600) as share) g
    where p.workspace_id = $1 and p.kind not in ('comment', 'stream')
      and p.published_at + o.age_h * interval '1 hour' <= $2::timestamptz) m`

const insertStreamMilestones = `
  insert into post_milestones (post_id, age_hours, workspace_id, source_id, platform, kind,
    published_at, age_s, sampled_at, viewers, engagement)
  select distinct on (p.id, a.hours) p.id, a.hours, p.workspace_id, p.source_id, p.platform, p.kind,
    p.published_at, k * 900, p.published_at + k * interval '15 minutes',
    round(p.viewers * (0.6 + 0.4 * sin(3.14159 * (k + 1) / 22))), null::bigint
  from posts p, (values (1::smallint, 3, 6), (6::smallint, 18, 20)) a (hours, first, last),
    lateral generate_series(a.first, a.last) k
  where p.workspace_id = $1 and p.kind = 'stream'
    and p.published_at + k * interval '15 minutes' <= $2::timestamptz
  order by p.id, a.hours, abs(ln(k / (4.0 * a.hours)))`

export async function addSamples(client: pg.Client, world: World): Promise<void> {
  const { workspaceId, until } = world
  await client.query(insertSamples, [workspaceId, ages, until])
  await client.query(insertStreamSamples, [workspaceId, until])
}

/** What the triggers would have made of the samples: milestones without reading them all again. */
export async function addSumsOfSamples(client: pg.Client, world: World): Promise<void> {
  const { workspaceId, until } = world
  await client.query(insertMilestones, [workspaceId, until])
  await client.query(insertStreamMilestones, [workspaceId, until])
  await client.query('select recount_streams($1)', [workspaceId])
}
