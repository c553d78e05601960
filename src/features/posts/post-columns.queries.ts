import { sql } from '../../database/sql.ts'

/** Microseconds in UTC: a JS Date would round them away, and a cursor must not. */
export const isoText = (column: string) =>
  sql<string>`to_char(${sql.raw(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** The class with the highest score; a tie is neutral. */
export const sentimentLabel = `case
    when m.positive > m.neutral and m.positive > m.negative then 'positive'
    when m.negative > m.neutral and m.negative > m.positive then 'negative'
    when m.post_id is not null then 'neutral' end`

/** A post's hashtags by alphabet, read from an index that holds them in that order. */
export const postTags = `array(select t.tag from post_tags t where t.post_id = p.id order by t.tag)`

export type MetricsRow = {
  views: string | null
  likes: string | null
  comments: string | null
  shares: string | null
  score: string | null
  upvote_ratio: number | null
  viewers: string | null
}

export type PostRow = MetricsRow & {
  id: string
  platform: string
  kind: string
  source_id: string
  source_handle: string
  source_title: string | null
  author_id: string | null
  author_handle: string | null
  author_name: string | null
  external_id: string
  title: string | null
  body: string | null
  url: string | null
  lang: string | null
  hashtags: string[]
  mentions: string[]
  reply_to: string | null
  promoted: boolean
  category: string | null
  published_at: string
  ended_at: string | null
  fetched_at: string
  gone_at: string | null
  label: string | null
  negative: number | null
  neutral: number | null
  positive: number | null
  compound: number | null
  model: string | null
}

/** All that a post shows, of the posts named `p` with their source, author and score beside them. */
export const postColumns = sql`p.id, p.platform, p.kind, p.source_id, s.handle as source_handle,
  s.title as source_title, a.id as author_id, a.handle as author_handle,
  a.display_name as author_name, p.external_id, p.title, p.body, p.url, p.lang,
  ${sql.raw(postTags)} as hashtags, p.mentions, p.reply_to, p.promoted, p.category,
  ${isoText('p.published_at')} as published_at, ${isoText('p.ended_at')} as ended_at,
  ${isoText('p.fetched_at')} as fetched_at, ${isoText('p.gone_at')} as gone_at,
  p.views, p.likes, p.comments, p.shares, p.score, p.upvote_ratio, p.viewers,
  ${sql.raw(sentimentLabel)} as label, m.negative, m.neutral, m.positive, m.compound, m.model`

export const postNeighbours = `join sources s on s.id = p.source_id
  left join authors a on a.id = p.author_id
  left join sentiments m on m.post_id = p.id`
