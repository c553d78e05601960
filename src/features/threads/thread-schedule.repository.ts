import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { rows, sql } from '../../database/sql.ts'
import { nextThreadLook } from '../posts/index.ts'

/** Plans the look that comes next, or none where the last age has passed. */
const planNext = (em: EntityManager, due: RawBuilder<unknown>, now: Date): Promise<unknown> =>
  rows(
    em,
    sql`with plan as materialized (
        select d.post_id, ${nextThreadLook(sql`p.published_at`, now)} as due_at
        from thread_schedule d join posts p on p.id = d.post_id where ${due}
      ), finished as (
        delete from thread_schedule d using plan
        where d.post_id = plan.post_id and plan.due_at is null
      )
      update thread_schedule d set due_at = plan.due_at from plan
      where d.post_id = plan.post_id and plan.due_at is not null`,
  )

/** This post was looked at. */
export const planNextLook = (em: EntityManager, postId: string, now: Date) =>
  planNext(em, sql`d.post_id = ${postId}::bigint`, now)

/** Due posts without a comment cost no look. */
export const passQuietThreads = (em: EntityManager, profileId: string, now: Date) =>
  planNext(
    em,
    sql`d.profile_id = ${profileId}::bigint and d.due_at <= ${now}::timestamptz
      and coalesce(p.comments, 0) <= 0`,
    now,
  )

/** The post is gone: nothing of it is looked at any more. */
export const endLooks = (em: EntityManager, postId: string): Promise<unknown> =>
  rows(em, sql`delete from thread_schedule where post_id = ${postId}::bigint`)

/** Looks of a profile that were due at `at` and are still to be done are due at `until`. */
export const postponeThreads = (em: EntityManager, profileId: string, at: Date, until: Date) =>
  rows(
    em,
    sql`update thread_schedule set due_at = ${until}::timestamptz
      where profile_id = ${profileId}::bigint and due_at <= ${at}::timestamptz`,
  )
