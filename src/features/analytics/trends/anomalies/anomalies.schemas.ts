import { z } from 'zod'
import { Id } from '../../../../http/id.ts'
import { frameFields } from '../../frame/answer.ts'
import { scopeFields, zoneField } from '../../frame/scope.ts'
import { trendMetricNames } from '../series/trend-metrics.ts'
import { metricField } from '../series/trends.schemas.ts'

export const AnomaliesQuery = z.strictObject({
  ...scopeFields,
  from: scopeFields.from.describe('Looks from here on; 90 days of days or 28 days of hours'),
  ...zoneField,
  ...metricField,
  bucket: z.enum(['hour', 'day']).default('day'),
  threshold: z.coerce
    .number()
    .min(3)
    .max(20)
    .default(5)
    .describe('From how many robust standard deviations on'),
})
export type AnomaliesQuery = z.infer<typeof AnomaliesQuery>

const stretch = { from: z.iso.datetime(), to: z.iso.datetime() }

export const AnomalyView = z
  .object({
    ...stretch,
    local: z.string(),
    kind: z.enum(['spike', 'dip', 'level_shift']),
    actual: z.number().describe('Mean of its buckets'),
    expected: z.number().describe('What level and season said'),
    z: z.number().describe('Robust standard deviations between the two'),
    buckets: z.number().int(),
    posts: z
      .array(
        z.object({
          id: Id,
          sourceId: Id,
          title: z.string().nullable(),
          url: z.string().nullable(),
          publishedAt: z.iso.datetime(),
          engagement: z.number().nullable(),
          views: z.number().nullable(),
        }),
      )
      .describe('The three posts of most engagement where it stands out most; none of a dip'),
  })
  .meta({ id: 'Anomaly' })
export type AnomalyView = z.infer<typeof AnomalyView>

export const Anomalies = z
  .object({
    ...frameFields,
    zone: z.string(),
    metric: z.enum(trendMetricNames),
    bucket: z.enum(['hour', 'day']),
    threshold: z.number(),
    buckets: z.number().int().describe('Buckets that were judged'),
    reason: z
      .enum(['too_short', 'constant'])
      .nullable()
      .describe('Why nothing could be judged: fewer than two seasons, or no variation'),
    anomalies: z.array(AnomalyView).describe('Of the world; the 50 strongest, in order of time'),
    ours: z
      .array(AnomalyView)
      .describe('What looks like one because sources were added or removed there'),
    holes: z
      .array(
        z.object({
          ...stretch,
          observed: z.number().describe('Share of the watched sources’ time whose posts are known'),
          reasons: z.array(z.string()).describe('before_first_look, or what the gaps say'),
        }),
      )
      .describe('Of our data: times that raise no alarm because they were not watched well'),
    sourceChanges: z
      .array(z.object({ at: z.iso.datetime(), before: z.number(), after: z.number() }))
      .describe('Where the number of watched sources changed by more than a twentieth'),
  })
  .meta({ id: 'Anomalies' })
export type Anomalies = z.infer<typeof Anomalies>
