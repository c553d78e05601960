import { z } from 'zod'
import { Instant } from '../../../core/instant.ts'
import { FeedbackStatus, FeedbackType } from '../feedback.schemas.ts'

export const StatisticsFilter = z.object({
  from: Instant.optional().describe('Written at this time or later; not said: from the beginning'),
  to: Instant.optional().describe('Written before this time; not said: until now'),
})
export type StatisticsFilter = z.infer<typeof StatisticsFilter>

const count = z.number().int()
const Mean = z.object({
  mean: z.number().nullable().describe('Null: nobody has rated (n is 0)'),
  n: count.describe('Ratings that it stands on'),
})

export const FeedbackStatistics = z
  .object({
    total: count,
    open: count.describe('Of them, neither completed nor wont_fix now'),
    byType: z.record(FeedbackType, count),
    byStatus: z.record(FeedbackStatus, count),
    satisfaction: Mean,
    features: z.array(Mean.extend({ feature: z.string() })).describe('The 100 most rated ones'),
    resolution: z.object({
      medianHours: z.number().nullable().describe('Null: none is resolved (n is 0)'),
      n: count.describe('Resolved ones'),
    }),
  })
  .meta({ id: 'FeedbackStatistics' })

/** IANA names alone: PostgreSQL reads '+02:00' the other way round than ISO 8601 does. */
const isZone = (name: string) => {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

export const TrendsFilter = z.object({
  unit: z.enum(['day', 'week', 'month']).default('day'),
  timeZone: z
    .string()
    .max(60)
    .refine(isZone, 'must be a time zone like Europe/Berlin')
    .default('UTC'),
  from: z.iso.date().optional().describe('The day in that zone with whose unit it begins'),
  to: z.iso.date().optional().describe('The day with whose unit it ends; not said: today'),
})
export type TrendsFilter = z.infer<typeof TrendsFilter>

export const FeedbackTrends = z
  .object({
    unit: z.enum(['day', 'week', 'month']),
    timeZone: z.string(),
    items: z.array(
      z.object({
        start: z.iso.date().describe('First day in that zone; a week begins on Monday'),
        isComplete: z.boolean().describe('False: it has not ended yet'),
        created: count,
        resolved: count.describe('Came to an end in it, whenever they were written'),
        satisfaction: Mean.describe('Of those written in it'),
      }),
    ),
  })
  .meta({ id: 'FeedbackTrends' })
