import type { RawBuilder } from 'kysely'
import { sql } from '../../../database/sql.ts'
import { rangesOf } from './period.ts'

/**
 * The tags of all posts of these hours (and of others, where the hours are many and apart). Ranges that
 * the planner sees: joined to a table of hours, it compared every tag with every hour.
 */
export const tagsIn = (hours: readonly Date[]): RawBuilder<unknown> =>
  sql`(${sql.join(
    rangesOf(hours).map(
      ({ from, to }) => sql`select tag, published_at, post_id from post_tags
        where published_at >= ${new Date(from)}::timestamptz
          and published_at < ${new Date(to)}::timestamptz`,
    ),
    sql` union all `,
  )})`

/** The beginning of the minute, hour or UTC day; date_trunc would follow the session's zone. */
export const binned = (length: '1 minute' | '1 hour' | '1 day', at: RawBuilder<unknown>) =>
  sql`date_bin(${sql.lit(length)}, ${at}, timestamptz '2000-01-01 00:00:00+00')`
