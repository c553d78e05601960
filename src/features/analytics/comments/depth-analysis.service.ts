import { z } from 'zod'
import type { Context } from '../../../context.ts'
import { CursorTime } from '../../../core/instant.ts'
import { decodeCursor, encodeCursor } from '../../../core/paging.ts'
import { frameOf } from '../frame/answer.ts'
import { type DefinitionId, definitionsOf } from '../frame/definitions.ts'
import { figure } from '../frame/figure.ts'
import { scopeOf } from '../frame/scope.ts'
import type { DepthAnalysis, DepthQuery, Summary } from './depth-analysis.schemas.ts'
import {
  countBuckets,
  type Distributed,
  edges,
  type Spread,
  summarizeShapes,
} from './depth-summary.queries.ts'
import { presentThread } from './threads.presenter.ts'
import { findDeepest, findThreads } from './threads.queries.ts'

const Cursor = z.tuple([CursorTime, z.string().regex(/^\d{1,18}$/)])
const deepestShown = 10

const used = [
  'thread_depth',
  'thread_size',
  'thread_breadth',
  'structural_virality',
  'thread_half_time',
  'chain_engagement',
] as const satisfies DefinitionId[]

/** How the threads of a period are shaped: all of them in figures, the deepest, and one after the other. */
export async function analyzeDepths(
  ctx: Pick<Context, 'em' | 'clock'>,
  { limit, cursor, ...query }: DepthQuery,
): Promise<DepthAnalysis> {
  const scope = scopeOf(query, ctx)
  const after = cursor ? decodeCursor(cursor, Cursor) : null
  const summary = await summarizeShapes(ctx.em, scope)
  const buckets = await countBuckets(ctx.em, scope)
  const deepest = await findDeepest(ctx.em, scope, deepestShown)
  const found = await findThreads(ctx.em, scope, after, limit + 1)
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return {
    ...(await frameOf(ctx, scope)),
    definitions: definitionsOf(used),
    threads: summary.threads,
    incomplete: summary.incomplete,
    depth: presentSpread('thread_depth', summary.depth),
    size: presentSpread('thread_size', summary.size),
    breadth: presentSpread('thread_breadth', summary.breadth),
    virality: presentSpread('structural_virality', summary.virality, 'fewer_than_two_nodes'),
    halfTimeS: presentSpread('thread_half_time', summary.half_s, 'no_comments'),
    distribution: {
      depth: presentBuckets('depth', buckets.get('depth')),
      size: presentBuckets('size', buckets.get('size')),
      breadth: presentBuckets('breadth', buckets.get('breadth')),
    },
    deepest: deepest.map(presentThread),
    items: items.map(presentThread),
    nextCursor:
      found.length > limit && last ? encodeCursor([last.published_at, last.post_id]) : null,
  }
}

const presentSpread = (
  definition: DefinitionId,
  { n, mean, median, max }: Spread,
  reason = 'no_threads',
): Summary => ({
  mean: figure(definition, mean, n, reason),
  median: figure(definition, median, n, reason),
  max: figure(definition, max, n, reason),
})

const presentBuckets = (of: Distributed, counts: Map<number, number> | undefined) =>
  edges[of].map((from, index) => {
    const next = edges[of][index + 1]
    return { from, to: next === undefined ? null : next - 1, threads: counts?.get(index) ?? 0 }
  })
