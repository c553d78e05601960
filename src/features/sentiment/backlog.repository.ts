import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../database/sql.ts'
import type { Scores } from './engine/index.ts'

/** `version` names the very text that was read, so that a score never lands on an edited one. */
export type UnscoredPost = { post_id: string; text: string; version: string }

/** What the mood of a post `p` is read from: a tweet's text, a video's or stream's title, both on Reddit. */
export const scoredText = sql<string>`case p.kind
  when 'tweet' then coalesce(p.body, '')
  when 'comment' then coalesce(p.body, '')
  when 'reddit_post' then concat_ws(E'\n\n', nullif(p.title, ''), nullif(p.body, ''))
  else coalesce(p.title, '') end`

export const textVersion = sql<string>`md5(coalesce(p.title, '') || chr(1) || coalesce(p.body, ''))`

export const findUnscoredPosts = (em: EntityManager, most: number): Promise<UnscoredPost[]> =>
  rows<UnscoredPost>(
    em,
    sql<UnscoredPost>`select u.post_id, ${scoredText} as text, ${textVersion} as version
      from unscored_posts u join posts p on p.id = u.post_id
      order by u.post_id limit ${most}`,
  )

/** `scores` null: a text with nothing to read (an emoji row, a bare link) has no mood. */
export type ScoredPost = { postId: string; version: string; scores: Scores | null }

/** In place of a model's name where a person said what the mood is: their word wins. */
export const person = 'person'

/**
 * Stores scores and takes the posts off the backlog, unless their text changed meanwhile. Of a text
 * that a person labelled the score stands beside the label; the mood stays the person's. Each rule is
 * a condition on the very row that is written, so it holds whoever comes at the same time.
 */
export const storeScores = (
  em: EntityManager,
  workspaceId: string,
  model: string,
  scored: ScoredPost[],
  now: Date,
) => {
  const input = scored.map(({ postId, version, scores }) => ({
    post_id: postId,
    version,
    ...scores,
  }))
  return rows(
    em,
    sql`with input as (
        select x.* from json_to_recordset(${JSON.stringify(input)}::json) as x(post_id bigint,
          version text, negative real, neutral real, positive real, compound real)
        join posts p on p.id = x.post_id and ${textVersion} = x.version
      ), done as (
        delete from unscored_posts u using input i where u.post_id = i.post_id
      ), forgotten as (
        delete from sentiments s using input i
        where s.post_id = i.post_id and i.compound is null and s.model <> ${person}
      ), opinions as (
        update sentiment_labels l set model = ${model}, model_compound = i.compound,
          model_label = mood_of(i.negative, i.neutral, i.positive),
          model_scores = array[i.negative, i.neutral, i.positive]
        from input i
        where l.post_id = i.post_id and l.text_version = i.version and i.compound is not null
      )
      insert into sentiments (post_id, workspace_id, model, negative, neutral, positive, compound,
        scored_at)
      select post_id, ${workspaceId}::bigint, ${model}, negative, neutral, positive, compound,
        ${now}::timestamptz from input where compound is not null
      on conflict (post_id) do update set model = excluded.model, negative = excluded.negative,
        neutral = excluded.neutral, positive = excluded.positive, compound = excluded.compound,
        scored_at = excluded.scored_at
        where sentiments.model <> ${person}`,
  )
}
