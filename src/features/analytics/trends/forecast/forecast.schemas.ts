import { z } from 'zod'
import { frameFields } from '../../frame/answer.ts'
import { scopeFields, zoneField } from '../../frame/scope.ts'
import { trendMetricNames } from '../series/trend-metrics.ts'
import { metricField } from '../series/trends.schemas.ts'

export const ForecastQuery = z.strictObject({
  ...scopeFields,
  from: scopeFields.from.describe('Learns from here on; 180 days of days or 28 days of hours'),
  ...zoneField,
  ...metricField,
  bucket: z.enum(['day', 'hour']).default('day'),
  steps: z.coerce.number().int().min(1).max(60).default(7).describe('How many buckets ahead'),
})
export type ForecastQuery = z.infer<typeof ForecastQuery>

const methodName = z.enum([
  'simple_moving_average',
  'damped_holt',
  'holt_winters',
  'seasonal_naive',
  'mean_of_methods',
])

export const ForecastView = z
  .object({
    ...frameFields,
    zone: z.string(),
    metric: z.enum(trendMetricNames),
    bucket: z.enum(['day', 'hour']),
    history: z
      .object({
        from: z.iso.datetime().nullable(),
        to: z.iso.datetime().nullable(),
        buckets: z.number().int(),
        holes: z.number().int().describe('Buckets whose value is not known'),
        begins: z
          .enum(['period', 'first_look', 'sources_changed'])
          .describe('What it begins with: before it, other sources were watched, or none'),
      })
      .describe('What was learnt from: whole buckets, whose numbers are at least a day old'),
    points: z
      .array(
        z.object({
          from: z.iso.datetime(),
          to: z.iso.datetime(),
          local: z.string(),
          value: z.number(),
          low80: z.number(),
          high80: z.number(),
          low95: z.number(),
          high95: z.number(),
        }),
      )
      .nullable()
      .describe(
        'From the end of the history on, so some may be past already. An interval without any ' +
          'width: the method never missed on the past of this series, as of a channel that stopped',
      ),
    reason: z
      .enum(['too_short', 'too_many_holes', 'constant'])
      .nullable()
      .describe(
        'Why there is no forecast. too_short: fewer than two seasons, and as many buckets more as ' +
          'are asked ahead (at least five, at most a season)',
      ),
    method: methodName.nullable().describe('Whose forecast it is'),
    scores: z
      .array(z.object({ method: methodName, mase: z.number().nullable() }))
      .describe('Each method on the past of this series: below 1 beats "as a season ago"'),
    backtests: z.number().int().describe('Forecasts of the past that choice and intervals rest on'),
    covered80: z
      .number()
      .nullable()
      .describe(
        'Share of past values inside the 80 % interval, each made from forecasts of the past that ' +
          'share no bucket with the one that is tried',
      ),
    covered95: z.number().nullable(),
    coveredOf: z.number().int().describe('How many past values were tried'),
    coveredReason: z
      .enum(['no_forecast', 'too_few_backtests'])
      .nullable()
      .describe('Why covered80 and covered95 are not known'),
    simpleMovingAverage: z
      .number()
      .nullable()
      .describe('What the simple moving average says for each bucket ahead, chosen or not'),
  })
  .meta({ id: 'Forecast' })
