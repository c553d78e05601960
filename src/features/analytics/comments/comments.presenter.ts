import type { z } from 'zod'
import { whyNull } from '../frame/reasons.ts'
import type { CommentRow } from './comments.queries.ts'
import type { CommentView } from './thread.schemas.ts'

/** Where a comment stands in its thread. */
export type Place = { parent: string | null; depth: number }

export const presentComment = (
  row: CommentRow,
  { parent, depth }: Place,
): z.infer<typeof CommentView> => {
  const engagement = row.engagement === null ? null : Number(row.engagement)
  return {
    id: row.id,
    externalId: row.external_id,
    parent,
    depth,
    author: row.author_id && row.handle ? { id: row.author_id, handle: row.handle } : null,
    text: row.text,
    engagement,
    reasons: whyNull({ engagement }, 'not_reported'),
    publishedAt: new Date(row.published_at).toISOString(),
  }
}
