import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { CursorTime } from '../../../../core/instant.ts'
import { decodeCursor, encodeCursor } from '../../../../core/paging.ts'
import { firstRow, rows, sql } from '../../../../database/sql.ts'
import { scoredText, textVersion } from '../../../sentiment/index.ts'
import { type ExcerptRow, excerptColumns } from '../excerpt.ts'
import type { LabelsQuery } from './labels.schemas.ts'

export type LabelRow = {
  post_id: string
  label: string
  labelled_by: string | null
  labelled_at: Date | string
  model: string | null
  model_label: string | null
  model_compound: number | null
  is_stale: boolean
}

const labelColumns = sql`l.post_id, l.label, l.labelled_by, l.labelled_at, l.model, l.model_label,
  l.model_compound, l.text_version <> ${textVersion} as is_stale`

export const findLabel = (em: EntityManager, postId: string): Promise<LabelRow | null> =>
  firstRow(
    em,
    sql<LabelRow>`select ${labelColumns} from sentiment_labels l join posts p on p.id = l.post_id
      where l.post_id = ${postId}::bigint`,
  )

const Cursor = z.tuple([CursorTime, z.string().regex(/^\d{1,18}$/)])

type PageRow = LabelRow & ExcerptRow & { key: string }

export async function findLabels(em: EntityManager, { limit, cursor }: LabelsQuery) {
  const after = cursor ? decodeCursor(cursor, Cursor) : null
  const found = await rows(
    em,
    sql<PageRow>`select ${labelColumns}, ${excerptColumns},
        to_char(l.labelled_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as key
      from sentiment_labels l join posts p on p.id = l.post_id join sources o on o.id = p.source_id
      where ${
        after
          ? sql`(l.labelled_at, l.post_id) < (${after[0]}::timestamptz, ${after[1]}::bigint)`
          : sql`true`
      }
      order by l.labelled_at desc, l.post_id desc limit ${limit + 1}`,
  )
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const isMore = found.length > limit && last
  return { items, nextCursor: isMore ? encodeCursor([last.key, last.post_id]) : null }
}

/** The text that a post's mood is read from; null: there is no such post. */
export async function findScoredText(em: EntityManager, postId: string): Promise<string | null> {
  const row = await firstRow(
    em,
    sql<{ text: string }>`select ${scoredText} as text from posts p where p.id = ${postId}::bigint`,
  )
  return row?.text ?? null
}
