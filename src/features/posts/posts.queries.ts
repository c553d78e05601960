import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { z } from 'zod'
import { CursorTime } from '../../core/instant.ts'
import { decodeCursor, encodeCursor } from '../../core/paging.ts'
import { firstRow, rows, sql } from '../../database/sql.ts'
import { type PostRow, postColumns, postNeighbours } from './post-columns.queries.ts'
import {
  findAuthorIds,
  hasWords,
  newestMatching,
  newestOf,
  type Selection,
} from './post-selection.queries.ts'
import type { PostFilter } from './posts.schemas.ts'

const Cursor = z.tuple([CursorTime, z.string().regex(/^\d{1,18}$/)])

/** Posts that fit, newest first; inserts before the cursor's place do not move what follows it. */
export async function findPosts(
  em: EntityManager,
  filter: PostFilter,
): Promise<{ items: PostRow[]; nextCursor: string | null }> {
  return em.transactional(async (inner) => {
    const { author, cursor, limit, ...rest } = filter
    const after = cursor ? decodeCursor(cursor, Cursor) : null
    const authorIds = author ? await findAuthorIds(inner as EntityManager, author) : null
    const chosen = withKindsPlatform({ ...rest, authorIds, after })
    if (!chosen || authorIds?.length === 0) return { items: [], nextCursor: null }

    const found = await newest(inner as EntityManager, chosen, limit + 1)
    const items = found.slice(0, limit)
    const last = items.at(-1)
    const more = found.length > limit && last
    return { items, nextCursor: more ? encodeCursor([last.published_at, last.id]) : null }
  })
}

const platformOfKind = {
  tweet: 'twitter',
  video: 'youtube',
  reddit_post: 'reddit',
  stream: 'twitch',
  comment: null,
} as const

/** A kind that only one platform has is found by that platform's index. null: no post can fit. */
function withKindsPlatform(chosen: Selection): Selection | null {
  const platform = chosen.kind && platformOfKind[chosen.kind]
  if (!platform) return chosen
  return chosen.platform && chosen.platform !== platform ? null : { ...chosen, platform }
}

/**
 * How many of the newest candidates are read for the text before the text index is asked. A word in
 * more than 1 of 40 posts fills a page from them; a rarer one has few enough hits to sort. So neither
 * walks far, whatever the planner's statistics know of the word. A page of 400,000 posts, two busy
 * cores: 6-20 ms for common words, at most 130 ms (a word in 1 of 100) for the others.
 */
const textWindow = 2_000

async function newest(em: EntityManager, chosen: Selection, limit: number): Promise<PostRow[]> {
  if (!chosen.text) return read(em, newestOf(chosen, limit))
  const candidates = newestOf(chosen, textWindow)
  const found = await read(
    em,
    sql`select * from (${candidates}) p where ${hasWords(chosen.text)}
      order by published_at desc, id desc limit ${limit}`,
  )
  if (found.length === limit) return found
  const counted = sql<{
    most: boolean
  }>`select count(*) = ${textWindow} as most from (${candidates}) c`
  const isWindowFull = (await firstRow(em, counted))?.most
  return isWindowFull ? read(em, newestMatching(chosen, limit)) : found
}

/** The page first, and only then what hangs on its posts: one statement, whatever the page's size. */
const read = (em: EntityManager, page: RawBuilder<unknown>): Promise<PostRow[]> =>
  rows<PostRow>(
    em,
    sql<PostRow>`with page as materialized (${page})
      select ${postColumns} from page p ${sql.raw(postNeighbours)}
      order by p.published_at desc, p.id desc`,
  )

export const findPost = (em: EntityManager, id: string): Promise<PostRow | null> =>
  firstRow(
    em,
    sql<PostRow>`select ${postColumns} from posts p ${sql.raw(postNeighbours)}
      where p.id = ${id}::bigint`,
  )
