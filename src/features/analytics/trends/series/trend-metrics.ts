import type { DefinitionId } from '../../frame/definitions.ts'

/** A measure of posts over the time of their publication. */
export type TrendMetric = {
  definition: DefinitionId
  /** Columns of the rollups: what is summed, and how many posts tell it. */
  total: string
  n: string
  /** Of the squares of what is summed, where they are kept: what an interval is made of. */
  squares?: string
  /** A sum over posts, or a mean over those that tell it. */
  of: 'sum' | 'mean'
  /** What a sum is multiplied by: ratios are kept in billionths. */
  scale: number
  /** Values below this there are none. */
  least: number
  /** It is still growing on young posts, so the newest buckets are no match for older ones. */
  matures: boolean
  /** Whole numbers that vary with their size. */
  counts: boolean
}

const sum = (name: 'views' | 'likes' | 'comments' | 'shares' | 'engagement'): TrendMetric => ({
  definition: name,
  total: name,
  n: `${name}_n`,
  of: 'sum',
  scale: 1,
  least: 0,
  matures: true,
  counts: true,
})

const mean = (definition: DefinitionId, name: string, scale: number): TrendMetric => ({
  definition,
  total: name,
  n: `${name}_n`,
  of: 'mean',
  scale: scale / 1_000_000_000,
  least: 0,
  matures: true,
  counts: false,
})

export const trendMetrics = {
  posts: { ...sum('engagement'), definition: 'posts', total: 'posts', n: 'posts', matures: false },
  engagement: sum('engagement'),
  views: sum('views'),
  likes: sum('likes'),
  comments: sum('comments'),
  shares: sum('shares'),
  // Scores may be below nothing.
  score: {
    ...sum('likes'),
    definition: 'score',
    total: 'score',
    n: 'score_n',
    counts: false,
    least: -Infinity,
  },
  engagement_per_post: mean('engagement_per_post', 'engagement', 1_000_000_000),
  views_per_post: mean('views_per_post', 'views', 1_000_000_000),
  er_by_followers: mean('er_by_followers', 'er_followers', 100),
  er_by_views: mean('er_by_views', 'er_views', 100),
  like_rate: mean('like_rate', 'like_rate', 100),
  upvote_ratio: { ...mean('upvote_ratio', 'upvote', 1), matures: false },
  compound: {
    ...mean('compound', 'compound', 1),
    n: 'scored',
    squares: 'compound_sq',
    least: -1,
    matures: false,
  },
} as const satisfies Record<string, TrendMetric>

export const trendMetricNames = Object.keys(trendMetrics) as [keyof typeof trendMetrics]
export type TrendMetricName = keyof typeof trendMetrics

export const metricOf = (name: TrendMetricName): TrendMetric => trendMetrics[name]
