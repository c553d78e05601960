import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { rows, sql } from '../../database/sql.ts'
import { threadAges, threadReach } from '../../platforms/sample-ages.ts'
import { nextSampleAt } from './sampling.ts'

type At = RawBuilder<unknown>

/** The first age, or now where that has passed: what was missed is caught up with one look. */
export const firstThreadLook = (publishedAt: At, now: Date): RawBuilder<Date> =>
  sql`greatest(${publishedAt} + ${threadAges[0]}::interval, ${now}::timestamptz)`

export const withinThreadReach = (publishedAt: At, now: Date): RawBuilder<boolean> =>
  sql`${publishedAt} > ${now}::timestamptz - ${threadReach}::interval`

/** The age that comes next; null once a post is past the last one. */
export const nextThreadLook = (publishedAt: At, now: Date): RawBuilder<Date | null> =>
  nextSampleAt(publishedAt, now, threadAges)

/** Plans a look at the comments of a source's posts that are known already; a plan that is there stays. */
export const planThreads = (
  em: EntityManager,
  sourceId: string,
  kinds: readonly string[],
  now: Date,
): Promise<unknown> =>
  rows(
    em,
    sql`insert into thread_schedule (post_id, workspace_id, profile_id, due_at)
      select p.id, p.workspace_id, s.profile_id, ${firstThreadLook(sql`p.published_at`, now)}
      from posts p join sources s on s.id = p.source_id
      where p.source_id = ${sourceId}::bigint and p.kind = any (${kinds}::text[])
        and ${withinThreadReach(sql`p.published_at`, now)}
      on conflict (post_id) do nothing`,
  )

/** No comment of this source is looked at any more; those that are there stay. */
export const forgetThreads = (em: EntityManager, sourceId: string): Promise<unknown> =>
  rows(
    em,
    sql`delete from thread_schedule t using posts p
      where p.id = t.post_id and p.source_id = ${sourceId}::bigint`,
  )
