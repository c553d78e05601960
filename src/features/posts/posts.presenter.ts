import type { MetricsRow, PostRow } from './post-columns.queries.ts'
import type { PostView } from './posts.schemas.ts'

const count = (value: string | null) => (value === null ? null : Number(value))

/** A real has seven digits or so; as a double it shows noise behind them. */
const real = (value: number) => Number(value.toPrecision(7))

export const moment = (text: string) => new Date(text).toISOString()
const momentOrNull = (text: string | null) => (text === null ? null : moment(text))

export const presentMetrics = (row: MetricsRow): PostView['metrics'] => ({
  views: count(row.views),
  likes: count(row.likes),
  comments: count(row.comments),
  shares: count(row.shares),
  score: count(row.score),
  upvoteRatio: row.upvote_ratio === null ? null : real(row.upvote_ratio),
  viewers: count(row.viewers),
})

const presentSentiment = (row: PostRow): PostView['sentiment'] =>
  row.model === null
    ? null
    : {
        label: row.label as NonNullable<PostView['sentiment']>['label'],
        negative: real(row.negative ?? 0),
        neutral: real(row.neutral ?? 0),
        positive: real(row.positive ?? 0),
        compound: real(row.compound ?? 0),
        model: row.model,
      }

export const presentPost = (row: PostRow): PostView => ({
  id: row.id,
  platform: row.platform as PostView['platform'],
  kind: row.kind as PostView['kind'],
  source: { id: row.source_id, handle: row.source_handle, title: row.source_title },
  author:
    row.author_id === null || row.author_handle === null
      ? null
      : { id: row.author_id, handle: row.author_handle, displayName: row.author_name },
  externalId: row.external_id,
  title: row.title,
  body: row.body,
  url: row.url,
  lang: row.lang,
  hashtags: row.hashtags,
  mentions: row.mentions,
  replyTo: row.reply_to,
  promoted: row.promoted,
  category: row.category,
  publishedAt: moment(row.published_at),
  endedAt: momentOrNull(row.ended_at),
  fetchedAt: moment(row.fetched_at),
  goneAt: momentOrNull(row.gone_at),
  metrics: presentMetrics(row),
  sentiment: presentSentiment(row),
})
