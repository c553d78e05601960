import { sql } from '../../../database/sql.ts'
import type { Stretch } from './local-time.ts'
import type { TimeSample } from './time-sample.ts'

const iso = (ms: number) => new Date(ms).toISOString()

/** The stretches of a sample as rows (from_at, to_at): each is a range of an index. */
export const sampledTimes = ({ stretches }: TimeSample) =>
  sql`select * from unnest(${stretches.map(({ fromMs }) => iso(fromMs))}::timestamptz[],
    ${stretches.map(({ toMs }) => iso(toMs))}::timestamptz[]) as p(from_at, to_at)`

/**
 * The hour of the week of `published_at` on a zone's clocks, Monday 0 o'clock 0. The first of January
 * 1970 was a Thursday.
 */
export const slotIn = (clocks: readonly Stretch[]) =>
  sql`mod(floor((extract(epoch from published_at)::float8
    + ${aheadIn(clocks, 'published_at')}) / 3600)::bigint + 72, 168)`

/**
 * What a zone's clocks say at a moment, as a timestamp. By Node.js' rules, as everywhere: the database
 * has rules of its own, and governments change them every year.
 */
export const localIn = (clocks: readonly Stretch[], column: string) =>
  sql`(${sql.ref(column)} at time zone 'UTC' + ${aheadIn(clocks, column)} * interval '1 second')`

/** Seconds. */
const aheadIn = (clocks: readonly Stretch[], column: string) => {
  const starts = clocks.map(({ fromMs }) => iso(fromMs))
  const offsets = clocks.map(({ offsetMs }) => offsetMs / 1_000)
  return sql`(${offsets}::int[])[width_bucket(${sql.ref(column)}, ${starts}::timestamptz[])]`
}

/** Which stretch of thirty days since `from` a post belongs to. */
export const monthSince = (from: string) =>
  sql`floor(extract(epoch from published_at - ${from}::timestamptz) / ${30 * 86_400})`
