import { type Interval, wilson } from '../../../../statistics/intervals.ts'
import { moderatedMean } from '../../../../statistics/moderated-mean.ts'
import { type Bucket, localIso } from '../../frame/buckets.ts'
import { type Figure, figure } from '../../frame/figure.ts'
import type { MoodName } from '../texts.ts'
import type { MoodSums } from './moments.ts'
import type { MoodPoint, MoodView } from './shares.schemas.ts'

/** Below it a group is called small: the usual least n of the normal approximation. */
const fewTexts = 30
const level = 0.95
const scale = { least: -1, most: 1, level }

const iso = (ms: number) => new Date(ms).toISOString()

type Estimate = ({ value: number } & Interval) | null

const shareOf = (sums: MoodSums, name: MoodName): Estimate => {
  const interval = wilson(sums[name], sums.n, level)
  return interval && { value: sums[name] / sums.n, ...interval }
}

const compoundOf = (sums: MoodSums, neighbours: number): Estimate =>
  moderatedMean(sums, neighbours, scale)

export function presentMood(sums: MoodSums, neighbours: number): MoodView {
  const reason = sums.texts > 0 ? 'not_scored' : 'no_texts'
  const told = (definition: string, estimate: Estimate): Figure =>
    estimate
      ? { ...figure(definition, estimate.value, sums.n), ...intervalOf(estimate), level }
      : figure(definition, null, 0, reason)
  const share = (name: MoodName) => told('sentiment_share', shareOf(sums, name))
  return {
    texts: sums.texts,
    n: sums.n,
    few: sums.n < fewTexts,
    negative: share('negative'),
    neutral: share('neutral'),
    positive: share('positive'),
    compound: told('compound', compoundOf(sums, neighbours)),
  }
}

const intervalOf = ({ low, high }: Interval) => ({ low, high })

export const presentPoint = (bucket: Bucket, sums: MoodSums, neighbours: number): MoodPoint => ({
  from: iso(bucket.fromMs),
  to: iso(bucket.toMs),
  local: localIso(bucket.fromMs, bucket.offsetMs),
  whole: bucket.whole,
  n: sums.n,
  few: sums.n < fewTexts,
  negative: shareOf(sums, 'negative'),
  neutral: shareOf(sums, 'neutral'),
  positive: shareOf(sums, 'positive'),
  compound: compoundOf(sums, neighbours),
})

type Ranked = { key: string; mood: MoodView }
export type GroupOrder = 'positive' | 'negative' | 'size'

/** What is surely positive (or negative) first; a few texts cannot be sure, so they do not lead. */
export function inOrder<Group extends Ranked>(
  groups: readonly Group[],
  order: GroupOrder,
): Group[] {
  const rank = ({ mood: { n, compound } }: Group): number => {
    if (order === 'size') return n
    return order === 'positive' ? (compound.low ?? -2) : -(compound.high ?? 2)
  }
  return groups.toSorted(
    (one, other) => rank(other) - rank(one) || other.mood.n - one.mood.n || byKey(one, other),
  )
}

const byKey = (one: Ranked, other: Ranked) => (one.key < other.key ? -1 : 1)
