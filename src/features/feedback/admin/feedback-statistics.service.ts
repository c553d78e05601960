import type { EntityManager } from '@mikro-orm/postgresql'
import { AppError, type FieldProblem } from '../../../core/errors.ts'
import {
  type FeedbackTotals,
  findFeatureRatings,
  findTotals,
  findTrends,
  isKnownZone,
} from './feedback-statistics.queries.ts'
import type { StatisticsFilter, TrendsFilter } from './feedback-statistics.schemas.ts'

const nothing: FeedbackTotals = {
  total: 0,
  open: 0,
  by_type: {},
  by_status: {},
  satisfaction: null,
  satisfaction_n: 0,
  median_hours: null,
  resolved: 0,
}

export async function summarizeFeedback(em: EntityManager, filter: StatisticsFilter) {
  const totals = (await findTotals(em, filter)) ?? nothing
  return { totals, features: await findFeatureRatings(em, filter) }
}

const wrong = (pointer: string, message: string) => {
  const fields: FieldProblem[] = [{ in: 'query', pointer, message }]
  return new AppError('invalid_input', message, { fields })
}

const mostUnits = 400
const dayMs = 86_400_000
const daysIn = { day: 1, week: 7, month: 28 } as const

/** The day that it is there now, as YYYY-MM-DD. */
const today = (now: Date, timeZone: string) =>
  new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(now)

/** From the unit of `from` to that of `to`; not said: the last 30 units. */
export async function followFeedback(em: EntityManager, filter: TrendsFilter, now: Date) {
  const { unit, timeZone } = filter
  if (!(await isKnownZone(em, timeZone))) {
    throw wrong('/timeZone', 'timeZone must be a time zone like Europe/Berlin.')
  }
  const to = filter.to ?? today(now, timeZone)
  const from = filter.from ?? backFrom(to, 29, unit)
  if (from > to) throw wrong('/from', 'from must not lie after to.')
  const days = (Date.parse(to) - Date.parse(from)) / dayMs
  if (days / daysIn[unit] > mostUnits) {
    throw wrong('/from', `from and to must lie at most ${mostUnits} units apart.`)
  }
  return findTrends(em, { unit, timeZone, from, to }, now)
}

function backFrom(day: string, units: number, unit: TrendsFilter['unit']): string {
  const date = new Date(day)
  if (unit === 'month') date.setUTCMonth(date.getUTCMonth() - units, 1)
  else date.setUTCDate(date.getUTCDate() - units * daysIn[unit])
  return date.toISOString().slice(0, 10)
}
