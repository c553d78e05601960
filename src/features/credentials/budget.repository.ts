import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../database/sql.ts'
import type { WindowSpan } from './budget.window.ts'

export type WindowOwner = { workspaceId: string; profileId: string }

export type Charge = WindowSpan & { bucket: string; amount: number; limit: number }
/** `started_at` names the window that was charged: a later one owes nothing. */
export type Charged = { bucket: string; started_at: string }

/**
 * Charges each bucket that has room, and only those, in one statement. The row lock makes every
 * other process wait for its turn, and the condition is judged on the row as the lock found it.
 */
export const chargeWindows = (
  em: EntityManager,
  owner: WindowOwner,
  charges: Charge[],
  now: Date,
): Promise<Charged[]> =>
  rows<Charged>(
    em,
    sql`with asked as (
        select * from json_to_recordset(${JSON.stringify(charges)}::json) as x(bucket text,
          amount bigint, "limit" bigint, "startedAt" timestamptz, "resetsAt" timestamptz))
      insert into budget_windows as w (profile_id, bucket, workspace_id, used, started_at, resets_at)
      select ${owner.profileId}::bigint, bucket, ${owner.workspaceId}::bigint, amount, "startedAt",
        "resetsAt" from asked where amount <= "limit" order by bucket
      on conflict (profile_id, bucket) do update set
        used = case when w.resets_at <= ${now}::timestamptz then 0 else w.used end + excluded.used,
        seen_limit = case when w.resets_at <= ${now}::timestamptz then null else w.seen_limit end,
        started_at = case when w.resets_at <= ${now}::timestamptz
          then excluded.started_at else w.started_at end,
        resets_at = case when w.resets_at <= ${now}::timestamptz
          then excluded.resets_at else w.resets_at end
      where excluded.used + case when w.resets_at <= ${now}::timestamptz then 0 else w.used end
        <= (select least(a."limit", case when w.resets_at > ${now}::timestamptz
              then w.seen_limit end) from asked a where a.bucket = w.bucket)
      returning w.bucket, w.started_at::text as started_at`,
  )

export type Adjustment = Charged & { difference: number }

/** Corrects charges to what the calls really used, in the windows that were charged. */
export const adjustWindows = (
  em: EntityManager,
  owner: WindowOwner,
  adjustments: Adjustment[],
  now: Date,
): Promise<unknown[]> =>
  rows(
    em,
    sql`with asked as (
        select * from json_to_recordset(${JSON.stringify(adjustments)}::json)
          as x(bucket text, started_at timestamptz, difference bigint)),
      held as (
        select w.bucket, a.difference from budget_windows w join asked a
            on a.bucket = w.bucket and a.started_at = w.started_at
          where w.profile_id = ${owner.profileId}::bigint and w.resets_at > ${now}::timestamptz
          order by w.bucket for update of w)
      update budget_windows w set used = greatest(0, w.used + held.difference)
        from held where w.profile_id = ${owner.profileId}::bigint and w.bucket = held.bucket`,
  )

export type Sighting = {
  bucket: string
  /** Our own limit. */
  limit: number
  seenLimit: number | null
  remaining: number
  seenResetsAt: Date
  /** The platform's window is ours too, so its end is the end. */
  sameWindow: boolean
  span: WindowSpan
}

/**
 * Takes over what a platform says it has left where that is less than we count. Its reset moves the
 * end of our window only where its count is the one that binds.
 */
export const correctWindow = (
  em: EntityManager,
  owner: WindowOwner,
  seen: Sighting,
  now: Date,
): Promise<unknown[]> =>
  rows(
    em,
    sql`insert into budget_windows as w (profile_id, bucket, workspace_id, used, seen_limit,
        started_at, resets_at)
      select ${owner.profileId}::bigint, ${seen.bucket}, ${owner.workspaceId}::bigint, s.used,
        ${seen.seenLimit}::bigint, ${seen.span.startedAt}::timestamptz,
        case when ${seen.sameWindow} or s.used > 0
          then ${seen.seenResetsAt}::timestamptz else ${seen.span.resetsAt}::timestamptz end
      from (select greatest(0, least(${seen.limit}::bigint, ${seen.seenLimit}::bigint)
        - ${seen.remaining}::bigint) as used) s
      on conflict (profile_id, bucket) do update set
        used = case when w.resets_at <= ${now}::timestamptz then excluded.used
          else greatest(w.used, excluded.used) end,
        seen_limit = case when w.resets_at <= ${now}::timestamptz then excluded.seen_limit
          else coalesce(excluded.seen_limit, w.seen_limit) end,
        started_at = case when w.resets_at <= ${now}::timestamptz
          then excluded.started_at else w.started_at end,
        resets_at = case
          when w.resets_at <= ${now}::timestamptz then excluded.resets_at
          when ${seen.sameWindow} then ${seen.seenResetsAt}::timestamptz
          when excluded.used > w.used then greatest(w.resets_at, ${seen.seenResetsAt}::timestamptz)
          else w.resets_at end`,
  )
