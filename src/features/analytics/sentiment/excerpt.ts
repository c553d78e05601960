import { sql } from '../../../database/sql.ts'
import { scoredText } from '../../sentiment/index.ts'
import type { Excerpt } from './extremes/extremes.schemas.ts'

const shownCharacters = 280

export type ExcerptRow = {
  id: string
  platform: string
  source_id: string
  source_name: string
  url: string | null
  published_at: Date | string
  text: string
}

/** Of a post `p` with its source `o`. */
export const excerptColumns = sql`p.id, p.platform, p.source_id,
  coalesce(o.title, o.handle) as source_name, p.url, p.published_at,
  left(${scoredText}, ${shownCharacters}) as text`

export const presentExcerpt = (row: ExcerptRow): Excerpt => ({
  id: row.id,
  platform: row.platform as Excerpt['platform'],
  source: { id: row.source_id, name: row.source_name },
  url: row.url,
  publishedAt: new Date(row.published_at).toISOString(),
  text: row.text,
})
