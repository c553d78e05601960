import type pg from 'pg'
import type { Collected } from './collected.ts'

export type Numbers = {
  views?: number | null
  likes?: number | null
  comments?: number | null
  shares?: number | null
  score?: number | null
}

export type Planned = Numbers & {
  at: string
  audience?: number | null
  /** Id of an author. */
  author?: string
  promoted?: boolean
  compound?: number
}

const columns = ['views', 'likes', 'comments', 'shares', 'score', 'audience'] as const

/** Many posts of a source in one statement, as collection would leave them. Gives their ids in order. */
export async function publish(
  { client, workspaceId }: Pick<Collected, 'client' | 'workspaceId'>,
  sourceId: string,
  posts: readonly Planned[],
): Promise<string[]> {
  const { rows } = await client.query(
    `insert into posts (workspace_id, source_id, platform, kind, external_id, published_at,
       fetched_at, author_id, promoted, ${columns.join(', ')})
     select $1, s.id, s.platform, case s.platform when 'twitch' then 'stream' when 'youtube' then
       'video' when 'reddit' then 'reddit_post' else 'tweet' end, gen_random_uuid()::text, x.at,
       now(), x.author, coalesce(x.promoted, false), ${columns.map((name) => `x.${name}`).join(', ')}
     from json_to_recordset($3::json) as x(at timestamptz, author bigint, promoted boolean,
       ${columns.map((name) => `${name} bigint`).join(', ')}, place bigint)
     join sources s on s.id = $2 order by x.place returning id::text`,
    [workspaceId, sourceId, JSON.stringify(posts.map((post, place) => ({ ...post, place })))],
  )
  const ids = rows.map(({ id }) => id as string)
  await score(client, workspaceId, ids, posts)
  return ids
}

async function score(
  client: pg.Client,
  workspaceId: string,
  ids: readonly string[],
  posts: readonly Planned[],
): Promise<void> {
  const scored = posts.flatMap(({ compound }, index) =>
    compound === undefined ? [] : [{ id: ids[index], compound }],
  )
  if (scored.length === 0) return
  await client.query(
    `insert into sentiments select id, $1, 'tiny', greatest(0, -compound),
       1 - abs(compound), greatest(0, compound), compound, now()
     from json_to_recordset($2::json) as x(id bigint, compound real)`,
    [workspaceId, JSON.stringify(scored)],
  )
}

/** A look at posts a day after publication: their milestone of 24 hours. */
export async function lookAfterADay(
  { client, workspaceId }: Pick<Collected, 'client' | 'workspaceId'>,
  looks: readonly (Numbers & { id: string })[],
): Promise<void> {
  await client.query(
    `insert into post_samples (workspace_id, post_id, sampled_at, views, likes, comments, shares, score)
     select $1, p.id, p.published_at + interval '24 hours', x.views, x.likes, x.comments, x.shares,
       x.score
     from json_to_recordset($2::json) as x(id bigint, views bigint, likes bigint, comments bigint,
       shares bigint, score bigint) join posts p on p.id = x.id`,
    [workspaceId, JSON.stringify(looks)],
  )
}

type Gap = { from: string; to: string | null; posts?: 'unknown' | 'recovered' | 'possibly_missing' }

/** A time that was missed, and the run that told us of it. */
export async function missed(
  { client, workspaceId }: Pick<Collected, 'client' | 'workspaceId'>,
  sourceId: string,
  { from, to, posts = 'possibly_missing' }: Gap,
): Promise<void> {
  await client.query(
    `insert into coverage_gaps (workspace_id, source_id, from_at, to_at, reason, posts)
     values ($1, $2, $3, $4, 'rate_limited', $5)`,
    [workspaceId, sourceId, from, to, posts],
  )
  await client.query(
    `insert into job_executions (workspace_id, job_id, scheduled_for, started_at, status)
     select $1, id, $3, $3, 'rate_limited' from monitoring_jobs where source_id = $2`,
    [workspaceId, sourceId, from],
  )
}
