import { z } from 'zod'
import { reported } from '../authors/author.schemas.ts'
import { frameFields } from '../frame/answer.ts'
import { Figure } from '../frame/figure.ts'
import { reasonsFor } from '../frame/reasons.ts'
import { scopeFields, zoneField } from '../frame/scope.ts'

export const PatternsQuery = z.strictObject({
  ...scopeFields,
  ...zoneField,
  measure: z
    .enum(['engagement', 'total_engagements'])
    .default('engagement')
    .describe('total_engagements counts each view too, as seed 003 does'),
})
export type PatternsQuery = z.infer<typeof PatternsQuery>

const whole = z.number().int()
const sum = whole.nullable().describe('Null: posts were published then, and none tells it')
const slot = {
  day: whole.describe('1 is Monday, 7 is Sunday'),
  hour: whole.describe('0 to 23, in the zone'),
}
const perHour = {
  perHour: z
    .number()
    .nullable()
    .describe('total / hours; null: the period has no such hour, or nothing is told'),
  low: z.number().nullable().describe('Lower end of the 95 % interval of perHour'),
  high: z.number().nullable(),
}

const Cell = z.object({
  ...slot,
  hours: z.number().describe('How many such hours the period has'),
  posts: whole.describe('Published in these hours'),
  views: sum,
  likes: sum,
  comments: sum,
  shares: sum,
  total: sum,
  averagePerPost: z.number().nullable().describe('total / posts published here that tell it'),
  percentOfTotal: z.number().nullable(),
  ...perHour,
  reasons: reasonsFor([...reported, 'total', 'averagePerPost', 'percentOfTotal', 'perHour']),
})
const rate = z.object({ ...perHour, reasons: reasonsFor(['perHour']) })

export const EngagementPatterns = z
  .object({
    ...frameFields,
    zone: z.string(),
    cells: z.array(Cell).describe('7 × 24, from Monday 0 to Sunday 23'),
    total: Figure,
    dispersion: z
      .number()
      .nullable()
      .describe(
        'How many times more weeks differ than independent single events would; intervals are widened ' +
          'by it. null: too few weeks to tell, so the intervals are Poisson’s own and may be too narrow',
      ),
    peaks: z.array(
      z.object({
        ...slot,
        ...perHour,
        isClear: z.boolean().describe('Its interval lies above that of the next one'),
      }),
    ),
    verdict: z
      .enum(['clear_peak', 'peaks_overlap', 'nothing_to_compare'])
      .describe('peaks_overlap: the best hour cannot be told from the next one'),
    notTellable: whole.describe('Hours of the week whose interval reaches that of the best one'),
    weekdays: rate,
    weekends: rate,
    weekdayRatio: Figure.describe('An hour of Monday to Friday by an hour of Saturday and Sunday'),
  })
  .meta({ id: 'EngagementPatterns' })
