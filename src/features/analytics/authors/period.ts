import { z } from 'zod'
import type { Clock } from '../../../core/clock.ts'
import { platformIds } from '../../../platforms/index.ts'

const dayMs = 86_400_000

const Day = z.iso
  .date()
  .refine((day) => day >= '2000-01-01', 'must be a day from 2000-01-01 on')
  .optional()
  .describe('The last day, in UTC; today when left out or later')

/** What rankings of authors and categories are asked about. They are counted by UTC day. */
export const rankingFields = (days: number) => ({
  platform: z.enum(platformIds).optional().describe('One platform; all when left out'),
  days: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_650)
    .default(days)
    .describe('How many days, in UTC; the last one is counted'),
  until: Day,
  measure: z
    .enum(['engagement', 'total_engagements'])
    .default('engagement')
    .describe('What is counted: total_engagements counts each view too, as blogs do'),
  promoted: z
    .enum(['true', 'false'])
    .optional()
    .describe('Only promoted posts, or only the others'),
})

export type Measure = 'engagement' | 'total_engagements'

/** Whole UTC days; `from` and `to` are the same as moments, and `to` is now where the last is today. */
export type DayPeriod = { firstDay: string; lastDay: string; from: string; to: string }

export type Ranking = DayPeriod & {
  platform: string | null
  measure: Measure
  promoted: boolean | null
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
const startOf = (day: string) => Date.parse(`${day}T00:00:00Z`)

export function daysUntil(days: number, until: string | undefined, now: Date): DayPeriod {
  const today = dayOf(now.getTime())
  const lastDay = until && until < today ? until : today
  const first = startOf(lastDay) - (days - 1) * dayMs
  const end = Math.min(now.getTime(), startOf(lastDay) + dayMs)
  return {
    firstDay: dayOf(first),
    lastDay,
    from: new Date(first).toISOString(),
    to: new Date(end).toISOString(),
  }
}

type RankingQuery = {
  platform?: string | undefined
  days: number
  until?: string | undefined
  measure: Measure
  promoted?: 'true' | 'false' | undefined
}

export const rankingOf = (
  { platform, days, until, measure, promoted }: RankingQuery,
  { clock }: { clock: Clock },
): Ranking => ({
  ...daysUntil(days, until, clock.now()),
  platform: platform ?? null,
  measure,
  promoted: promoted === undefined ? null : promoted === 'true',
})

/** The same period, as coverage asks for it. */
export const scopeOfRanking = ({ platform, from, to }: Ranking) => ({
  platform: platform ?? undefined,
  from,
  to,
})
