import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../database/sql.ts'

/** Looks of a profile that were due at `at` and are still to be done are due at `until`. */
export const postponeDueSamples = (em: EntityManager, profileId: string, at: Date, until: Date) =>
  rows(
    em,
    sql`update sample_schedule set due_at = ${until}::timestamptz
      where profile_id = ${profileId}::bigint and due_at <= ${at}::timestamptz`,
  )
