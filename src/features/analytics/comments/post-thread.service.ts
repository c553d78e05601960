import { z } from 'zod'
import type { Context } from '../../../context.ts'
import { notFound } from '../../../core/errors.ts'
import { CursorTime } from '../../../core/instant.ts'
import { decodeCursor, encodeCursor } from '../../../core/paging.ts'
import { cascadeShape, type Reply } from '../../../statistics/cascade.ts'
import { replyDepths } from '../../../statistics/chains.ts'
import { findReplies } from '../../threads/index.ts'
import { definitionsOf } from '../frame/definitions.ts'
import { presentComment } from './comments.presenter.ts'
import { findComments, findRoot, type RootRow } from './comments.queries.ts'
import type { PostThread, ThreadQuery } from './thread.schemas.ts'
import { viralityOf, withReasons } from './threads.presenter.ts'

const Cursor = z.tuple([CursorTime, z.string().regex(/^\d{1,18}$/)])
const used = [
  'thread_size',
  'thread_depth',
  'thread_breadth',
  'structural_virality',
  'thread_half_time',
] as const

/** A thread as a flat list, each comment with its parent and depth. A comment's thread is its post's. */
export async function readPostThread(
  { em }: Pick<Context, 'em'>,
  postId: string,
  { limit, cursor }: ThreadQuery,
): Promise<z.infer<typeof PostThread>> {
  const after = cursor ? decodeCursor(cursor, Cursor) : null
  const root = await findRoot(em, postId)
  if (!root) throw notFound('Post')
  const key = { sourceId: root.source_id, externalId: root.external_id }
  const replies = await findReplies(em, key)
  const found = await findComments(em, key, after, limit + 1)
  const parents = new Map(replies.map(({ id, parent }) => [id, parent]))
  const depths = replyDepths(replies)
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return {
    postId: root.post_id,
    shape: presentShape(replies, root),
    items: items.map((row) =>
      presentComment(row, {
        parent: parents.get(row.external_id) ?? null,
        depth: depths.get(row.external_id) ?? 1,
      }),
    ),
    nextCursor: found.length > limit && last ? encodeCursor([last.published_at, last.id]) : null,
    definitions: definitionsOf(used),
  }
}

function presentShape(replies: Reply[], { at_s: rootAtS, missing }: RootRow) {
  const { chain: _chain, chainEngagement: _own, halfS, ...shape } = cascadeShape(replies, rootAtS)
  return { ...shape, virality: viralityOf(shape), ...withReasons({ halfTimeS: halfS, missing }) }
}
