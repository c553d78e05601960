import type { RawBuilder } from 'kysely'
import { sql } from '../../../database/sql.ts'
import { isMeant, type MoodScope } from './texts.ts'

/** Texts stand in so many lots, drawn by their ids (see the migration). */
const lots = 1_024
/** So many texts are read at most where no rollup answers; of more a fair sample. */
const mostTexts = 15_000

export type TextSample = {
  /** SELECT of post_id, published_at, source_id, category, mood and compound. */
  select: RawBuilder<unknown>
  /** 1: all texts there are. */
  share: number
}

/**
 * The scored texts of a scope, or a fair sample of about `most`: whole lots, so each text was as likely
 * to be in it. `scored` is how many there are in the scope, `all` how many in the whole workspace then.
 */
export function sampleTexts(
  scope: MoodScope,
  counts: { scored: number; all: number },
  most = mostTexts,
): TextSample {
  const { platform, source } = scope
  const isNarrow = (platform || source) && counts.scored <= most && counts.all > 2 * most
  if (isNarrow && source) return { select: bySource(scope, source), share: 1 }
  if (isNarrow) return { select: byPosts(scope), share: 1 }
  // Of a narrow scope more texts are passed over than read.
  const readable = platform || source ? 2 * most : most
  const taken = Math.min(lots, Math.ceil((lots * readable) / Math.max(1, counts.all)))
  return { select: byLots(scope, taken), share: taken / lots }
}

const columns = sql`s.post_id, s.published_at, s.source_id, s.category, s.mood, s.compound`

const byLots = ({ platform, source, from, to, texts }: MoodScope, taken: number) => {
  const conditions = [
    sql`s.lot = any (${Array.from({ length: taken }, (_, lot) => lot)}::smallint[])`,
    sql`s.published_at >= ${from}::timestamptz`,
    sql`s.published_at < ${to}::timestamptz`,
    isMeant(texts, sql`s.kind`),
    ...(platform ? [sql`s.platform = ${platform}`] : []),
    ...(source ? [sql`s.source_id = ${source}::bigint`] : []),
  ]
  return sql`select ${columns} from sentiments s
    where ${sql.join(conditions, sql` and `)}`
}

/** A source has one platform: asked once, and not of each text (another one's texts are none). */
const bySource = ({ platform, from, to, texts }: MoodScope, source: string) => {
  const conditions = [
    sql`s.source_id = ${source}::bigint`,
    sql`s.published_at >= ${from}::timestamptz`,
    sql`s.published_at < ${to}::timestamptz`,
    isMeant(texts, sql`s.kind`),
    ...(platform
      ? [
          sql`exists (select from sources o where o.id = ${source}::bigint
          and o.platform = ${platform})`,
        ]
      : []),
  ]
  return sql`select ${columns} from sentiments s where ${sql.join(conditions, sql` and `)}`
}

const byPosts = ({ platform, from, to, texts }: MoodScope) => {
  const conditions = [
    sql`p.published_at >= ${from}::timestamptz`,
    sql`p.published_at < ${to}::timestamptz`,
    isMeant(texts, sql`p.kind`),
    ...(platform ? [sql`p.platform = ${platform}`] : []),
  ]
  return sql`select ${columns}
    from posts p join sentiments s on s.post_id = p.id
    where ${sql.join(conditions, sql` and `)}`
}
