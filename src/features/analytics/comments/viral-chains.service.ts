import { z } from 'zod'
import type { Context } from '../../../context.ts'
import { decodeCursor, encodeCursor } from '../../../core/paging.ts'
import { bestChain } from '../../../statistics/chains.ts'
import { findReplies } from '../../threads/index.ts'
import { frameOf } from '../frame/answer.ts'
import { type DefinitionId, definitionsOf } from '../frame/definitions.ts'
import { scopeOf } from '../frame/scope.ts'
import { presentComment } from './comments.presenter.ts'
import { findCommentsByIds } from './comments.queries.ts'
import { presentThread } from './threads.presenter.ts'
import type { ThreadRow } from './threads.queries.ts'
import { findChainThreads } from './viral-chains.queries.ts'
import type { ChainQuery, ViralChains } from './viral-chains.schemas.ts'

type Part = Pick<Context, 'em' | 'clock'>
type Found = ViralChains['items'][number]
type Candidate = Awaited<ReturnType<typeof findChainThreads>>[number]

const Cursor = z.tuple([z.number().int().nonnegative(), z.string().regex(/^\d{1,18}$/)])
const nodesShown = 100
const used = [
  'chain_engagement',
  'thread_depth',
  'thread_size',
  'thread_breadth',
  'structural_virality',
  'thread_half_time',
] as const satisfies DefinitionId[]

/** Of each thread that has a chain so long and so engaging, the best one, node by node. */
export async function findViralChains(
  ctx: Part,
  { limit, cursor, min_depth: minDepth, min_engagement: minEngagement, ...query }: ChainQuery,
): Promise<ViralChains> {
  const scope = scopeOf(query, ctx)
  const after = cursor ? decodeCursor(cursor, Cursor) : null
  const wish = { minDepth, minEngagement }
  const found = await findChainThreads(ctx.em, scope, wish, after, limit + 1)
  const page = readable(found.slice(0, limit))
  const items: Found[] = []
  for (const row of page) items.push(...(await chainOf(ctx, row, minDepth)))
  const last = page.at(-1)
  return {
    ...(await frameOf(ctx, scope)),
    definitions: definitionsOf(used),
    items,
    nextCursor:
      found.length > page.length && last ? encodeCursor([Number(last.best), last.post_id]) : null,
  }
}

/** So many comments are read for one page, or those of its first thread. */
const mostRead = 50_000

/** The page ends before the thread that would be too much to read; the next one begins with it. */
function readable(found: readonly Candidate[]): readonly Candidate[] {
  let read = 0
  const end = found.findIndex(({ size }, place) => {
    read += size
    return place > 0 && read > mostRead
  })
  return end < 0 ? found : found.slice(0, end)
}

/** None where the comments have changed since the shape was taken. */
async function chainOf({ em }: Part, row: ThreadRow, minDepth: number): Promise<Found[]> {
  const replies = await findReplies(em, { sourceId: row.source_id, externalId: row.external_id })
  const chain = bestChain(replies, minDepth)
  if (!chain || chain.engagement === null) return []
  const shown = chain.replies.slice(0, nodesShown)
  const details = await findCommentsByIds(
    em,
    row.source_id,
    shown.map(({ id }) => id),
  )
  const byId = new Map(details.map((one) => [one.external_id, one]))
  const nodes = shown.flatMap((reply) => {
    const detail = byId.get(reply.id)
    return detail ? [presentComment(detail, reply)] : []
  })
  const depth = chain.replies.length
  const leftOut = depth - nodes.length
  return [{ thread: presentThread(row), depth, engagement: chain.engagement, nodes, leftOut }]
}
