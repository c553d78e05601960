import { createHash } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../database/sql.ts'

/**
 * What a workspace holds, as text in the order of natural keys: ids, which depend on what was written
 * before, are no part of it, nor is what the database derives by itself.
 */
const dumps: readonly [table: string, select: string][] = [
  [
    'sources',
    `select s.platform, s.external_id as source, s.handle, s.title, s.url, s.followers, s.created_at,
       j.interval_minutes, j.is_active, j.created_at as watched_since
     from sources s left join monitoring_jobs j on j.source_id = s.id`,
  ],
  [
    'source_samples',
    `select s.platform, s.external_id as source, x.sampled_at, x.followers, x.total_views,
       x.total_posts from source_samples x join sources s on s.id = x.source_id`,
  ],
  [
    'coverage_gaps',
    `select s.platform, s.external_id as source, g.from_at, g.to_at, g.reason, g.posts
     from coverage_gaps g join sources s on s.id = g.source_id`,
  ],
  ['authors', 'select platform, external_id, handle, display_name, followers from authors'],
  [
    'posts',
    `select s.platform, s.external_id as source, p.external_id as post, a.external_id as author,
       p.kind, p.title, p.body, p.url, p.lang, p.mentions, p.reply_to, p.thread_id, p.category,
       p.published_at, p.fetched_at, p.promoted, p.audience, p.audience_at, p.views, p.likes,
       p.comments, p.shares, p.score, p.upvote_ratio
     from posts p join sources s on s.id = p.source_id left join authors a on a.id = p.author_id`,
  ],
  [
    'post_tags',
    `select s.platform, s.external_id as source, p.external_id as post, t.tag, t.published_at
     from post_tags t join posts p on p.id = t.post_id join sources s on s.id = p.source_id`,
  ],
  [
    'post_samples',
    `select s.platform, s.external_id as source, p.external_id as post, x.sampled_at, x.views,
       x.likes, x.comments, x.shares, x.score, x.upvote_ratio, x.viewers
     from post_samples x join posts p on p.id = x.post_id join sources s on s.id = p.source_id`,
  ],
  [
    'sentiments',
    `select s.platform, s.external_id as source, p.external_id as post, m.model, m.negative,
       m.neutral, m.positive, m.compound
     from sentiments m join posts p on p.id = m.post_id join sources s on s.id = p.source_id`,
  ],
]

const linesAFetch = 20_000

/** SHA-256 of the dump, in hexadecimal. The same for the same content, wherever and whenever it runs. */
export async function digestOf(em: EntityManager): Promise<string> {
  const digest = createHash('sha256')
  await em.transactional(async (inner) => {
    const tx = inner as EntityManager
    await rows(tx, sql`set local time zone 'UTC'`)
    await rows(tx, sql`set local datestyle = 'ISO'`)
    for (const [table, select] of dumps) {
      digest.update(`${table}\n`)
      await rows(
        tx,
        sql`declare dump no scroll cursor for select row_to_json(x)::text as line
          from (${sql.raw(select)}) x order by row_to_json(x)::text collate "C"`,
      )
      for (let isMore = true; isMore; ) {
        const lines = await rows(
          tx,
          sql<{ line: string }>`fetch ${sql.raw(String(linesAFetch))} from dump`,
        )
        for (const { line } of lines) digest.update(`${line}\n`)
        isMore = lines.length === linesAFetch
      }
      await rows(tx, sql`close dump`)
    }
  })
  return digest.digest('hex')
}
