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
export const slotIn = (clocks: readonly Stretch[]) => {
  const starts = clocks.map(({ fromMs }) => iso(fromMs))
  const offsets = clocks.map(({ offsetMs }) => offsetMs / 1_000)
  return sql`mod(floor((extract(epoch from published_at)::float8
    + (${offsets}::int[])[width_bucket(published_at, ${starts}::timestamptz[])]) / 3600)::bigint + 72, 168)`
}

/** Which stretch of thirty days since `from` a post belongs to. */
export const monthSince = (from: string) =>
  sql`floor(extract(epoch from published_at - ${from}::timestamptz) / ${30 * 86_400})`
