import type { RawBuilder } from 'kysely'
import { sql } from '../../database/sql.ts'

/** Ages at which a post's numbers are looked at again, after its publication. */
export const sampleAges = [
  '15 minutes',
  '1 hour',
  '3 hours',
  '6 hours',
  '12 hours',
  '1 day',
  '2 days',
  '4 days',
  '7 days',
  '14 days',
  '30 days',
] as const

/** The first sampling age that lies ahead; null once a post is past the last one. */
export const nextSampleAt = (
  publishedAt: RawBuilder<unknown>,
  now: Date,
): RawBuilder<Date | null> =>
  sql`(select min(${publishedAt} + age)
    from unnest(${sql.lit(`{${sampleAges.join(',')}}`)}::interval[]) age
    where ${publishedAt} + age > ${now}::timestamptz)`

/** Two looks within a minute are one sample: the natural key of a sample is its minute. */
export const sampleMinute = (now: Date): Date =>
  new Date(Math.floor(now.getTime() / 60_000) * 60_000)
