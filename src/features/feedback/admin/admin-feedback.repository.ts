import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../../database/sql.ts'
import type { FeedbackView } from '../feedback.schemas.ts'

export type HandledFeedback = {
  status: FeedbackView['status']
  assigned_to: string | null
  resolution: string | null
  resolved_at: Date | null
}

export const lockFeedback = (em: EntityManager, id: string) =>
  firstRow<HandledFeedback>(
    em,
    sql`select status, assigned_to, resolution, resolved_at from feedback
      where id = ${id}::bigint for update`,
  )

export const updateHandling = (
  em: EntityManager,
  id: string,
  { status, assigned_to, resolution, resolved_at }: HandledFeedback,
  now: Date,
) =>
  rows(
    em,
    sql`update feedback set status = ${status}, assigned_to = ${assigned_to}::bigint,
        resolution = ${resolution}, resolved_at = ${resolved_at}::timestamptz,
        updated_at = ${now}::timestamptz
      where id = ${id}::bigint`,
  )

export async function insertNote(
  em: EntityManager,
  note: { feedbackId: string; authorId: string; body: string },
  now: Date,
): Promise<string> {
  const [made] = await rows<{ id: string }>(
    em,
    sql`insert into feedback_notes (feedback_id, author_id, body, created_at)
      values (${note.feedbackId}::bigint, ${note.authorId}::bigint, ${note.body},
        ${now}::timestamptz)
      returning id`,
  )
  return made?.id ?? ''
}
