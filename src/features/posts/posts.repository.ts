import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../database/sql.ts'
import type { PlatformPost } from '../../platforms/platform.ts'
import { authorRows, distinctPosts, postRow } from './post-rows.ts'
import { nextSampleAt, sampleMinute } from './sampling.ts'
import { firstThreadLook, withinThreadReach } from './thread-plan.ts'

export type IngestTarget = {
  workspaceId: string
  sourceId: string
  profileId: string
  platform: string
  /** Kinds whose numbers the platform lets us ask for again. */
  refreshableKinds: readonly string[]
  /** When a post's numbers are looked at again, as ages after its publication. */
  sampleAges: readonly string[]
  /** Kinds whose comments are read; left out: those of this source are not. */
  commentedKinds?: readonly string[]
}

export type Ingested = { posts: number; newPosts: number; samples: number }

const postColumns = sql`external_id text, kind text, author_external_id text, title text, body text,
  url text, lang text, tags text[], mentions text[], reply_to text, thread_id text, category text,
  published_at timestamptz, extra jsonb, views bigint, likes bigint, comments bigint, shares bigint,
  score bigint, upvote_ratio real, viewers bigint`

/**
 * Writes a batch of one source's posts and all that hangs on them, in one statement: authors, posts,
 * tags, a sample of each, the plan of the next samples, the backlog of texts to score, and a stream's
 * changes of title and game. Natural keys make it safe to run twice.
 */
export async function ingestPosts(
  em: EntityManager,
  target: IngestTarget,
  posts: PlatformPost[],
  now: Date,
): Promise<Ingested> {
  if (posts.length === 0) return { posts: 0, newPosts: 0, samples: 0 }
  const distinct = distinctPosts(posts)
  const statement = ingestStatement(
    target,
    JSON.stringify(distinct.map(postRow)),
    JSON.stringify(authorRows(distinct)),
    now,
  )
  const counts = await firstRow(em, statement)
  return {
    posts: Number(counts?.posts ?? 0),
    newPosts: Number(counts?.new_posts ?? 0),
    samples: Number(counts?.samples ?? 0),
  }
}

type Counts = { posts: string; new_posts: string; samples: string }

const ingestStatement = (
  target: IngestTarget,
  posts: string,
  authors: string,
  now: Date,
) => sql<Counts>`
  with input as materialized (
    select * from json_to_recordset(${posts}::json) as x(${postColumns})
  ), author_input as (
    select * from json_to_recordset(${authors}::json)
      as x(external_id text, handle text, display_name text, followers bigint)
  ), written_authors as (
    insert into authors (workspace_id, platform, external_id, handle, display_name, followers, updated_at)
    select ${target.workspaceId}::bigint, ${target.platform}, external_id, handle, display_name,
      followers, ${now}::timestamptz from author_input
    on conflict (workspace_id, platform, external_id) do update set
      handle = excluded.handle,
      display_name = coalesce(excluded.display_name, authors.display_name),
      followers = coalesce(excluded.followers, authors.followers),
      updated_at = excluded.updated_at
    returning id, external_id
  ), known as materialized (
    select p.id, p.external_id, p.title, p.body, p.category
    from posts p join input using (external_id) where p.source_id = ${target.sourceId}::bigint
  ), audience as materialized (
    select followers, coalesce(statistics_at, ${now}::timestamptz) as at from sources
    where id = ${target.sourceId}::bigint and followers is not null
  ), written as (
    insert into posts (workspace_id, source_id, author_id, platform, kind, external_id, title, body,
      url, lang, mentions, reply_to, thread_id, category, published_at, fetched_at, extra, audience,
      audience_at, views, likes, comments, shares, score, upvote_ratio, viewers)
    select ${target.workspaceId}::bigint, ${target.sourceId}::bigint, a.id, ${target.platform}, i.kind,
      i.external_id, i.title, i.body, i.url, i.lang, i.mentions, i.reply_to, i.thread_id, i.category,
      i.published_at, ${now}::timestamptz, i.extra, audience.followers, audience.at,
      i.views, i.likes, i.comments, i.shares, i.score, i.upvote_ratio, i.viewers
    from input i left join written_authors a on a.external_id = i.author_external_id
      -- Whoever follows the source was not addressed by those who comment.
      left join audience on i.kind <> 'comment'
    on conflict (source_id, external_id) do update set
      author_id = coalesce(excluded.author_id, posts.author_id),
      title = excluded.title, body = excluded.body, url = excluded.url, lang = excluded.lang,
      mentions = excluded.mentions, reply_to = excluded.reply_to, category = excluded.category,
      fetched_at = excluded.fetched_at, extra = excluded.extra, gone_at = null, ended_at = null,
      views = excluded.views, likes = excluded.likes, comments = excluded.comments,
      shares = excluded.shares, score = excluded.score, upvote_ratio = excluded.upvote_ratio,
      viewers = excluded.viewers
    returning id, external_id
  ), seen as materialized (
    select w.id, i.*, k.id is null as is_new,
      k.id is null or (k.title, k.body) is distinct from (i.title, i.body) as has_new_text,
      k.id is null or (k.title, k.category) is distinct from (i.title, i.category) as has_new_show
    from written w join input i using (external_id) left join known k using (external_id)
  ), removed_tags as (
    delete from post_tags t using seen s
    where t.post_id = s.id and not s.is_new and s.has_new_text and t.tag <> all (s.tags)
  ), written_tags as (
    insert into post_tags (workspace_id, tag, published_at, post_id)
    select ${target.workspaceId}::bigint, tag, published_at, id from seen, unnest(tags) tag
    on conflict do nothing
  ), written_samples as (
    insert into post_samples (workspace_id, post_id, sampled_at, views, likes, comments, shares,
      score, upvote_ratio, viewers)
    select ${target.workspaceId}::bigint, id, ${sampleMinute(now)}::timestamptz, views, likes,
      comments, shares, score, upvote_ratio, viewers from seen
    on conflict (post_id, sampled_at) do update set
      views = excluded.views, likes = excluded.likes, comments = excluded.comments,
      shares = excluded.shares, score = excluded.score, upvote_ratio = excluded.upvote_ratio,
      viewers = excluded.viewers
    returning 1
  ), planned as (
    insert into sample_schedule (post_id, workspace_id, profile_id, due_at)
    select id, ${target.workspaceId}::bigint, ${target.profileId}::bigint, due_at from (
      select id, ${nextSampleAt(sql`published_at`, now, target.sampleAges)} as due_at from seen
      where is_new and kind = any (${target.refreshableKinds}::text[])) plan
    where due_at is not null
    on conflict (post_id) do nothing
  ), planned_threads as (
    insert into thread_schedule (post_id, workspace_id, profile_id, due_at)
    select id, ${target.workspaceId}::bigint, ${target.profileId}::bigint,
      ${firstThreadLook(sql`published_at`, now)} from seen
    where is_new and kind = any (${target.commentedKinds ?? []}::text[])
      and ${withinThreadReach(sql`published_at`, now)}
    on conflict (post_id) do nothing
  ), backlog as (
    insert into unscored_posts (post_id, workspace_id)
    select id, ${target.workspaceId}::bigint from seen
    where has_new_text and coalesce(nullif(btrim(title), ''), nullif(btrim(body), '')) is not null
    on conflict do nothing
  ), changes as (
    insert into stream_changes (workspace_id, post_id, changed_at, title, category)
    select ${target.workspaceId}::bigint, id,
      case when is_new then published_at else ${now}::timestamptz end, title, category
    from seen where kind = 'stream' and has_new_show
    on conflict do nothing
  )
  select (select count(*) from written) as posts,
    (select count(*) from seen where is_new) as new_posts,
    (select count(*) from written_samples) as samples`

/** Marks a post as promoted or not. Returns whether there is such a post. */
export async function setPromoted(
  em: EntityManager,
  id: string,
  promoted: boolean,
): Promise<boolean> {
  const row = await firstRow(
    em,
    sql`update posts set promoted = ${promoted} where id = ${id}::bigint returning id`,
  )
  return row !== null
}

/** Streams that a later look no longer found running. */
export async function endStreams(
  em: EntityManager,
  sourceId: string,
  ended: { externalId: string; endedAt: Date }[],
): Promise<void> {
  if (ended.length === 0) return
  await rows(
    em,
    sql`update posts p set ended_at = greatest(x.ended_at, p.published_at)
      from json_to_recordset(${JSON.stringify(
        ended.map(({ externalId, endedAt }) => ({ external_id: externalId, ended_at: endedAt })),
      )}::json) as x(external_id text, ended_at timestamptz)
      where p.source_id = ${sourceId}::bigint and p.external_id = x.external_id
        and p.kind = 'stream' and p.ended_at is null`,
  )
}
