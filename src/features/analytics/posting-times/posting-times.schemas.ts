import { z } from 'zod'
import { Zone } from '../../../core/zone.ts'
import { frameFields } from '../frame/answer.ts'
import { scopeFields } from '../frame/scope.ts'

export const PostingTimesQuery = z.strictObject({
  ...scopeFields,
  from: scopeFields.from.describe('Published at or after this time; 90 days before `to`'),
  zone: Zone.optional().describe(
    'IANA time zone of the hours; the source’s audienceZone, else UTC, when left out',
  ),
})
export type PostingTimesQuery = z.infer<typeof PostingTimesQuery>

const lift = {
  lift: z.number().nullable().describe('1 is usual; null: nothing was posted then'),
  low: z.number().nullable().describe('Lower end of the interval (`intervalLevel`) of `lift`'),
  high: z.number().nullable().describe('Upper end'),
}
const weekday = z.number().int().min(1).max(7).describe('Monday 1')
const hour = z.number().int().min(0).max(23)
const n = {
  posts: z.number().int().describe('Posts that were published then'),
  effectivePosts: z
    .number()
    .describe(
      'So many of them the lift stands on: who only ever posts then says nothing, and counts for 0',
    ),
}
const slot = {
  weekday,
  hour,
  ...n,
  ...lift,
  inBest: z
    .number()
    .nullable()
    .describe('Probability that it is among the best five of those that were tried'),
}

export const PostingTimes = z
  .object({
    ...frameFields,
    zone: z.string(),
    zoneFrom: z.enum(['query', 'source', 'default']),
    posts: z.number().int().describe('Posts whose numbers are known 24 hours after publication'),
    published: z
      .number()
      .int()
      .describe('Posts that were published in the period and are old enough for that'),
    sampledShare: z
      .number()
      .describe(
        'Share of the period that was looked at: 1, or less where there are very many posts',
      ),
    groups: z
      .number()
      .int()
      .describe(
        'Authors × kinds of content (replies apart) × thirty days: hours are compared within these',
      ),
    intervalLevel: z.number().describe('How often intervals from `low` to `high` hold the truth'),
    heatmap: z.array(z.object(slot)).length(168),
    hours: z.array(z.object({ hour, ...n, ...lift })).describe('Beyond weekdays'),
    weekdays: z.array(z.object({ weekday, ...n, ...lift })).describe('Beyond hours'),
    best: z
      .object({
        hours: z.array(z.object({ hour, ...n, ...lift })).describe('Up to 5, above the usual'),
        weekdays: z.array(z.object({ weekday, ...n, ...lift })).describe('Up to 3'),
        slots: z.array(z.object(slot)).describe('Up to 5'),
      })
      .nullable()
      .describe('Null: no time should be preferred, and `reason` says why'),
    pValue: z.number().nullable().describe('Chance of such differences if all hours were alike'),
    reason: z.enum(['too_few_posts', 'nothing_to_compare', 'no_reliable_difference']).nullable(),
    summary: z.string().describe('The answer in a sentence'),
  })
  .meta({ id: 'PostingTimes' })
