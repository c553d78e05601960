import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../database/sql.ts'
import type { FeedbackView, NewFeedback } from './feedback.schemas.ts'

/** One at a time a person: what is counted stays true until the row is written. */
export const lockWriter = (em: EntityManager, userId: string) =>
  rows(em, sql`select from users where id = ${userId}::bigint for no key update`)

export async function insertFeedback(
  em: EntityManager,
  userId: string,
  input: NewFeedback,
  now: Date,
): Promise<string> {
  const [made] = await rows<{ id: string }>(
    em,
    sql`insert into feedback (user_id, type, title, description, page_url, browser_info,
        satisfaction, feature, feature_rating, created_at, updated_at)
      values (${userId}::bigint, ${input.type}, ${input.title}, ${input.description},
        ${input.pageUrl ?? null}, ${input.browserInfo ?? null}, ${input.satisfaction ?? null},
        ${input.feature ?? null}, ${input.featureRating ?? null}, ${now}::timestamptz,
        ${now}::timestamptz)
      returning id`,
  )
  return made?.id ?? ''
}

export type EditableFeedback = {
  status: FeedbackView['status']
  title: string
  description: string
  satisfaction: number | null
  feature: string | null
  feature_rating: number | null
}

/** Held until the transaction ends, so that a decision about its status still holds when it is written. */
export const lockOwnFeedback = (em: EntityManager, userId: string, id: string) =>
  firstRow<EditableFeedback>(
    em,
    sql`select status, title, description, satisfaction, feature, feature_rating from feedback
      where id = ${id}::bigint and user_id = ${userId}::bigint for update`,
  )

export const updateFeedback = (
  em: EntityManager,
  id: string,
  values: Omit<EditableFeedback, 'status'>,
  now: Date,
) =>
  rows(
    em,
    sql`update feedback set title = ${values.title}, description = ${values.description},
        satisfaction = ${values.satisfaction}, feature = ${values.feature},
        feature_rating = ${values.feature_rating}, updated_at = ${now}::timestamptz
      where id = ${id}::bigint`,
  )

/** Says whether there was one: notes and screenshot go with it. */
export async function removeFeedback(em: EntityManager, userId: string, id: string) {
  const gone = await rows(
    em,
    sql`delete from feedback where id = ${id}::bigint and user_id = ${userId}::bigint returning id`,
  )
  return gone.length > 0
}
