import type { RawBuilder } from 'kysely'
import { sql } from '../../database/sql.ts'

/** The first sampling age that lies ahead; null once a post is past the last one. */
export const nextSampleAt = (
  publishedAt: RawBuilder<unknown>,
  now: Date,
  ages: readonly string[],
): RawBuilder<Date | null> =>
  sql`(select min(${publishedAt} + age) from unnest(${ages}::interval[]) age
    where ${publishedAt} + age > ${now}::timestamptz)`

/** Two looks within a minute are one sample: the natural key of a sample is its minute. */
export const sampleMinute = (now: Date): Date =>
  new Date(Math.floor(now.getTime() / 60_000) * 60_000)
