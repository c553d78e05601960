import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, sql } from '../../database/sql.ts'
import type { Metrics } from '../../platforms/platform.ts'
import { nextSampleAt, sampleMinute } from './sampling.ts'

/** `metrics` null: the platform says that the post is gone; its history stays. */
export type FreshNumbers = { postId: string; metrics: Metrics | null }

/** Stores one batch of fresh numbers and plans each post's next look. Returns the samples written. */
export async function storeFreshNumbers(
  em: EntityManager,
  workspaceId: string,
  fresh: FreshNumbers[],
  now: Date,
  ages: readonly string[],
): Promise<number> {
  const input = fresh.map(({ postId, metrics }) => ({
    post_id: postId,
    gone: metrics === null,
    ...(metrics && { ...metrics, upvote_ratio: metrics.upvoteRatio }),
  }))
  const counted = await firstRow(
    em,
    freshNumbersStatement(workspaceId, JSON.stringify(input), now, ages),
  )
  return Number(counted?.samples ?? 0)
}

const freshNumbersStatement = (
  workspaceId: string,
  input: string,
  now: Date,
  ages: readonly string[],
) => sql<{
  samples: string
}>`
  with input as materialized (
    select * from json_to_recordset(${input}::json) as x(post_id bigint, gone boolean, views bigint,
      likes bigint, comments bigint, shares bigint, score bigint, upvote_ratio real, viewers bigint)
  ), updated as (
    update posts p set fetched_at = ${now}::timestamptz, views = i.views, likes = i.likes,
      comments = i.comments, shares = i.shares, score = i.score, upvote_ratio = i.upvote_ratio
    from input i where p.id = i.post_id and not i.gone
    returning p.id, p.published_at
  ), gone as (
    update posts p set gone_at = coalesce(p.gone_at, ${now}::timestamptz)
    from input i where p.id = i.post_id and i.gone
  ), written_samples as (
    insert into post_samples (workspace_id, post_id, sampled_at, views, likes, comments, shares,
      score, upvote_ratio, viewers)
    select ${workspaceId}::bigint, i.post_id, ${sampleMinute(now)}::timestamptz, i.views, i.likes,
      i.comments, i.shares, i.score, i.upvote_ratio, i.viewers
    from input i join updated u on u.id = i.post_id
    on conflict (post_id, sampled_at) do nothing
    returning 1
  ), plan as materialized (
    select id, ${nextSampleAt(sql`published_at`, now, ages)} as due_at from updated
  ), finished as (
    delete from sample_schedule s using input i left join plan on plan.id = i.post_id
    where s.post_id = i.post_id and plan.due_at is null
  ), planned as (
    update sample_schedule s set due_at = plan.due_at
    from plan where s.post_id = plan.id and plan.due_at is not null
  )
  select count(*) as samples from written_samples`
