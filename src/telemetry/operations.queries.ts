import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../database/sql.ts'

export type OperationsCounts = {
  activeJobs: number
  /** Due for more than a minute. */
  lateJobs: number
  unscoredPosts: number
  outbox: number
  /** People with a session that was used in the last 15 minutes. */
  activeUsers: number
  /** As the planner knows it: counting millions at every scrape would be a load of its own. */
  cachedScores: number
  mailsWaiting: number
  /** Since when the oldest of them waits, in seconds; 0: none does. */
  oldestMailS: number
}

type CountsRow = {
  active_jobs: string
  late_jobs: string
  unscored_posts: string
  outbox: string
  active_users: string
  cached_scores: string
  mails_waiting: string
  oldest_mail: Date | null
}

const activeMs = 15 * 60_000

export async function readCounts(em: EntityManager, at: Date): Promise<OperationsCounts> {
  const since = new Date(at.getTime() - activeMs)
  const [row] = await rows(
    em,
    sql<CountsRow>`
      select counts.*,
        (select count(distinct user_id) from sessions
          where ended_at is null and last_seen_at > ${since}) as active_users,
        (select greatest(reltuples, 0)::bigint from pg_class
          where oid = 'sentiment_cache'::regclass) as cached_scores,
        mails.waiting as mails_waiting, mails.oldest as oldest_mail
      from operations_counts(${at}) counts,
        (select count(*) as waiting, min(created_at) as oldest from mails
          where sent_at is null and given_up_at is null) mails`,
  )
  return {
    activeJobs: Number(row?.active_jobs),
    lateJobs: Number(row?.late_jobs),
    unscoredPosts: Number(row?.unscored_posts),
    outbox: Number(row?.outbox),
    activeUsers: Number(row?.active_users),
    cachedScores: Number(row?.cached_scores),
    mailsWaiting: Number(row?.mails_waiting),
    oldestMailS: row?.oldest_mail
      ? Math.max(0, Math.round((at.getTime() - row.oldest_mail.getTime()) / 1_000))
      : 0,
  }
}

export type TableSize = { table: string; bytes: number }

/** Partitions count under their table, so that there are as many series as tables. */
export async function readTableSizes(em: EntityManager): Promise<TableSize[]> {
  const found = await rows(
    em,
    sql<{ table_name: string; bytes: string }>`
      select coalesce(parent.relname, c.relname) as table_name,
        sum(pg_total_relation_size(c.oid)) as bytes
      from pg_class c
        left join pg_inherits i on i.inhrelid = c.oid
        left join pg_class parent on parent.oid = i.inhparent
      where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
      group by 1 order by 1`,
  )
  return found.map(({ table_name, bytes }) => ({ table: table_name, bytes: Number(bytes) }))
}

export type PlatformEngagement = { platform: string; rate: number }

/** Over all workspaces, so that nobody's own figures can be read from it; the last day's posts. */
export async function readEngagement(em: EntityManager, at: Date): Promise<PlatformEngagement[]> {
  const since = new Date(at.getTime() - 86_400_000)
  return rows(em, sql<PlatformEngagement>`select platform, rate from platform_engagement(${since})`)
}
