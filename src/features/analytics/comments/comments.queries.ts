import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { firstRow, rows, sql } from '../../../database/sql.ts'
import { isoText } from '../../posts/index.ts'

export type CommentRow = {
  id: string
  external_id: string
  author_id: string | null
  handle: string | null
  text: string | null
  engagement: string | null
  published_at: string
}

const commentColumns = (
  text: RawBuilder<unknown>,
) => sql`p.id, p.external_id, p.author_id, a.handle,
  ${text} as text, p.engagement, ${isoText('p.published_at')} as published_at`

/** Of one thread, oldest first, from behind the comment that `after` names. */
export const findComments = (
  em: EntityManager,
  thread: { sourceId: string; externalId: string },
  after: readonly [publishedAt: string, id: string] | null,
  most: number,
): Promise<CommentRow[]> =>
  rows(
    em,
    sql<CommentRow>`select ${commentColumns(sql`p.body`)}
      from posts p left join authors a on a.id = p.author_id
      where p.source_id = ${thread.sourceId}::bigint and p.thread_id = ${thread.externalId}
        ${
          after
            ? sql`and (p.published_at, p.id) > (${after[0]}::timestamptz, ${after[1]}::bigint)`
            : sql``
        }
      order by p.published_at, p.id limit ${most}`,
  )

const excerpt = 280

/** Comments of a source by their own ids, with how their texts begin. */
export const findCommentsByIds = (
  em: EntityManager,
  sourceId: string,
  externalIds: string[],
): Promise<CommentRow[]> =>
  rows(
    em,
    sql<CommentRow>`select ${commentColumns(sql`left(p.body, ${excerpt})`)}
      from posts p left join authors a on a.id = p.author_id
      where p.source_id = ${sourceId}::bigint and p.external_id = any (${externalIds}::text[])`,
  )

export type RootRow = {
  post_id: string
  source_id: string
  external_id: string
  at_s: number
  missing: number | null
}

/** The post whose thread a post or a comment belongs to. */
export const findRoot = (em: EntityManager, postId: string): Promise<RootRow | null> =>
  firstRow(
    em,
    sql<RootRow>`select r.id as post_id, r.source_id, r.external_id,
        extract(epoch from r.published_at)::float8 as at_s, t.missing
      from posts p join posts r on r.source_id = p.source_id
        and r.external_id = coalesce(p.thread_id, p.external_id)
        left join thread_shapes t on t.post_id = r.id
      where p.id = ${postId}::bigint`,
  )
