import { type Moments, spreadOf } from '../../../../statistics/moderated-mean.ts'
import { ofBillionths } from '../../frame/figure.ts'
import { moodNames } from '../texts.ts'

/** What is summed of texts: enough for shares, their mean compound, and how sure those are. */
export type MoodSums = Moments & {
  texts: number
  negative: number
  neutral: number
  positive: number
}

/** A row of sums of a group in a bucket (-1: where there are none), as SQL gives it. */
export type MoodRow = {
  key: string
  bucket: number
  texts: string
  scored: string
  negative: string
  neutral: string
  positive: string
  /** In billionths. */
  compound: string
  compound_sq: string
}

export const noMoods: MoodSums = {
  texts: 0,
  n: 0,
  negative: 0,
  neutral: 0,
  positive: 0,
  sum: 0,
  squares: 0,
}

export const sumsOf = (row: MoodRow): MoodSums => ({
  texts: Number(row.texts),
  n: Number(row.scored),
  negative: Number(row.negative),
  neutral: Number(row.neutral),
  positive: Number(row.positive),
  sum: ofBillionths(Number(row.compound)),
  squares: ofBillionths(Number(row.compound_sq)),
})

export function added(one: MoodSums, other: MoodSums): MoodSums {
  const total = { ...one }
  for (const name of ['texts', 'n', ...moodNames, 'sum', 'squares'] as const) {
    total[name] += other[name]
  }
  return total
}

/** Of anything between -1 and 1, evenly: what is assumed where hardly anything is known. */
const evenSpread = 1 / 3

/** The spread of compound over a whole scope: what its small groups are measured by. */
export const neighboursOf = (all: MoodSums): number =>
  all.n < 30 ? Math.max(evenSpread, spreadOf(all) ?? 0) : (spreadOf(all) ?? evenSpread)
