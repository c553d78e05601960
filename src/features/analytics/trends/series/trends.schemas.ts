import { z } from 'zod'
import { frameFields } from '../../frame/answer.ts'
import { bucketNames } from '../../frame/buckets.ts'
import { Figure } from '../../frame/figure.ts'
import { scopeFields, zoneField } from '../../frame/scope.ts'
import { trendMetricNames } from './trend-metrics.ts'

export const metricField = {
  metric: z.enum(trendMetricNames).default('engagement').describe('Of posts, by publication'),
}

export const TrendsQuery = z.strictObject({
  ...scopeFields,
  ...zoneField,
  ...metricField,
  bucket: z
    .enum(bucketNames)
    .default('day')
    .describe('Calendar days and weeks (from Monday) of the zone; hours are real ones'),
})
export type TrendsQuery = z.infer<typeof TrendsQuery>

const whyNoValue = z.enum(['not_observed', 'no_posts', 'not_reported']).nullable()

const TrendPoint = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    local: z.string().describe('Its beginning on the clocks of the zone'),
    value: z.number().nullable().describe('Of several buckets: their mean'),
    min: z.number().nullable(),
    max: z.number().nullable(),
    low: z.number().optional().describe('95 % interval of a mean whose spread is known'),
    high: z.number().optional(),
    reason: whyNoValue.describe(
      'Why the value is null. not_observed: nobody watched (before the first look, or in a gap), ' +
        'and what was published is not known',
    ),
    movingAverage: z.number().nullable(),
    posts: z.number().int().describe('Posts that were published then'),
    n: z.number().int().describe('Posts that tell the metric'),
    observed: z.number().describe('Share of the watched sources’ time whose posts are known'),
    sources: z.number().describe('Sources that were watched, on average'),
    whole: z.boolean().describe('False: the period begins or ends within it'),
    maturing: z.boolean().describe('True: younger than a day, and its numbers still grow'),
    buckets: z.number().int().describe('How many buckets it stands for'),
  })
  .meta({ id: 'TrendPoint' })
export type TrendPoint = z.infer<typeof TrendPoint>

export const Trends = z
  .object({
    ...frameFields,
    zone: z.string(),
    metric: z.enum(trendMetricNames),
    bucket: z.enum(bucketNames),
    bucketsPerPoint: z
      .number()
      .int()
      .describe('More than 1 where the series has over 1,000 buckets'),
    points: z.array(TrendPoint).describe('From the first post or look on; empty: there is neither'),
    total: Figure,
    growth: z.object({
      firstToLast: Figure.describe('Of whole, well watched buckets'),
      daily: Figure,
      againstBefore: Figure.describe('Against the period before, of equal length'),
    }),
    frequency: Figure,
  })
  .meta({ id: 'Trends' })
