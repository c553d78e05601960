import { z } from 'zod'

/**
 * Every figure names the definition that it follows. Formulas are of one post; an average is the mean
 * of the posts' ratios, a `ratio_of_sums` is what its name says, and the two differ.
 */
export const definitions = {
  engagement: {
    formula: 'likes + comments + shares; Reddit: max(score, 0) + comments; Twitch: not reported',
    unit: 'interactions',
  },
  er_by_followers: {
    formula:
      'engagement / followers at the look nearest to publication × 100 (seed: Twitter engagement rate)',
    unit: '%',
  },
  er_by_views: { formula: 'engagement / views × 100', unit: '%' },
  er_by_reach: {
    formula: 'engagement / people reached × 100; no platform reports reach to us',
    unit: '%',
  },
  like_rate: { formula: 'likes / views × 100 (seed 003: engagement_rate)', unit: '%' },
  youtube_like_ratio: {
    formula:
      'likes / (likes + dislikes) × 100; dislikes have not been public since 2021: like_rate instead',
    unit: '%',
  },
  upvote_ratio: { formula: 'upvotes / (upvotes + downvotes), as Reddit says it', unit: 'share' },
  average_viewers: {
    formula: 'mean of a stream’s viewer samples, weighted by the time each stands for',
    unit: 'viewers',
  },
  peak_viewers: { formula: 'greatest viewer sample of a stream', unit: 'viewers' },
  hours_watched: { formula: 'average viewers × hours live, summed', unit: 'hours' },
  stream_consistency: {
    formula: 'weeks with a stream / weeks of the period since the first look',
    unit: 'share',
  },
  posting_frequency: { formula: 'posts / days that were observed', unit: 'posts a day' },
  growth_rate: { formula: '(last - first) / first', unit: 'share' },
  compound: {
    formula: 'positive - negative weight of the model, mean over texts',
    unit: '-1 to 1',
  },
} as const
export type DefinitionId = keyof typeof definitions

export const DefinitionView = z.object({ id: z.string(), formula: z.string(), unit: z.string() })

/** The definitions that an answer uses, spelt out beside it. */
export const definitionsOf = (ids: readonly DefinitionId[]): z.infer<typeof DefinitionView>[] =>
  ids.map((id) => ({ id, ...definitions[id] }))
