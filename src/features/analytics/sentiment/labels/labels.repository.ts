import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../../../database/sql.ts'
import { person, textVersion } from '../../../sentiment/index.ts'
import type { MoodName } from '../texts.ts'

type NewLabel = { postId: string; label: MoodName; userId: string; now: Date }

/**
 * Writes a label over the post's mood, in the caller's transaction. What the model thinks of this very
 * text is kept beside it; where that is not known (not scored, or another text) the backlog asks.
 */
export async function writeLabel(
  em: EntityManager,
  { postId, label, userId, now }: NewLabel,
): Promise<void> {
  await rows(
    em,
    sql`insert into sentiment_labels as l (post_id, workspace_id, label, text_version, model,
        model_label, model_compound, model_scores, labelled_by, labelled_at)
      select p.id, p.workspace_id, ${label}, ${textVersion}, s.model, s.mood, s.compound,
        case when s.post_id is not null then array[s.negative, s.neutral, s.positive] end,
        ${userId}::bigint, ${now}::timestamptz
      from posts p left join sentiments s on s.post_id = p.id and s.model <> ${person}
        and not exists (select from unscored_posts u where u.post_id = p.id)
      where p.id = ${postId}::bigint
      on conflict (post_id) do update set label = excluded.label,
        labelled_by = excluded.labelled_by, labelled_at = excluded.labelled_at,
        text_version = excluded.text_version, ${keptOpinion}`,
  )
  await rows(
    em,
    sql`insert into sentiments (post_id, workspace_id, model, negative, neutral, positive, compound,
        scored_at)
      select p.id, p.workspace_id, ${person}, ${Number(label === 'negative')}::real,
        ${Number(label === 'neutral')}::real, ${Number(label === 'positive')}::real,
        ${compounds[label]}::real, ${now}::timestamptz
      from posts p where p.id = ${postId}::bigint
      on conflict (post_id) do update set model = excluded.model, negative = excluded.negative,
        neutral = excluded.neutral, positive = excluded.positive, compound = excluded.compound,
        scored_at = excluded.scored_at`,
  )
  await rows(
    em,
    sql`insert into unscored_posts (post_id, workspace_id)
      select post_id, workspace_id from sentiment_labels
      where post_id = ${postId}::bigint and model is null on conflict do nothing`,
  )
}

const compounds: Record<MoodName, number> = { negative: -1, neutral: 0, positive: 1 }

/** Of the same text the model's opinion stays as it is. */
const keptOpinion = sql.join(
  ['model', 'model_label', 'model_compound', 'model_scores'].map(
    (name) => sql`${sql.ref(name)} = case when l.text_version = excluded.text_version
      then coalesce(l.${sql.ref(name)}, excluded.${sql.ref(name)})
      else excluded.${sql.ref(name)} end`,
  ),
)

/**
 * Takes a label away: the mood is the model's again, at once where it has read this very text, else
 * when it has. Returns whether there was one.
 */
export async function removeLabel(em: EntityManager, postId: string, now: Date): Promise<boolean> {
  const label = await firstRow(
    em,
    sql<Removed>`delete from sentiment_labels l using posts p
      where l.post_id = ${postId}::bigint and p.id = l.post_id
      returning l.model is not null and l.text_version = ${textVersion} as is_known, l.model,
        l.model_scores, l.model_compound`,
  )
  if (!label) return false
  if (label.is_known) await restoreModels(em, postId, label, now)
  else await forgetMood(em, postId)
  return true
}

type Opinion = {
  model: string | null
  model_scores: number[] | null
  model_compound: number | null
}
type Removed = Opinion & { is_known: boolean }

const restoreModels = (em: EntityManager, postId: string, opinion: Opinion, now: Date) => {
  const [negative, neutral, positive] = opinion.model_scores ?? []
  return rows(
    em,
    sql`update sentiments set model = ${opinion.model}, negative = ${negative}::real,
        neutral = ${neutral}::real, positive = ${positive}::real,
        compound = ${opinion.model_compound}::real, scored_at = ${now}::timestamptz
      where post_id = ${postId}::bigint`,
  )
}

async function forgetMood(em: EntityManager, postId: string): Promise<void> {
  await rows(em, sql`delete from sentiments where post_id = ${postId}::bigint`)
  await rows(
    em,
    sql`insert into unscored_posts (post_id, workspace_id)
      select id, workspace_id from posts where id = ${postId}::bigint on conflict do nothing`,
  )
}
