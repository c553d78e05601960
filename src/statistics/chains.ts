import { addKnown, chainTo, growTree, type Node, type Reply } from './reply-tree.ts'

/**
 * `best[d - 1]` is the most engagement that any chain of at least d replies has, a chain being the
 * replies from one that answers the post downwards; null: nothing is known of any. Never rises with d.
 */
export function bestChains(replies: readonly Reply[]): (number | null)[] {
  const { nodes, order } = growTree(replies)
  const totals = totalsOf(nodes, order)
  const best: (number | null)[] = []
  for (const [index, { depth }] of nodes.entries()) {
    best[depth - 1] = greater(best[depth - 1] ?? null, totals[index] ?? null)
  }
  for (let depth = best.length - 2; depth >= 0; depth--) {
    best[depth] = greater(best[depth] ?? null, best[depth + 1] ?? null)
  }
  return best
}

export type Chain = { replies: (Reply & { depth: number })[]; engagement: number | null }

/**
 * The chain of at least `minDepth` replies with the most engagement, of equal ones the longest; null
 * where the thread is not so deep.
 */
export function bestChain(replies: readonly Reply[], minDepth: number): Chain | null {
  const { nodes, order } = growTree(replies)
  const totals = totalsOf(nodes, order)
  const rank = (index: number) => [totals[index] ?? -1, nodes[index]?.depth ?? 0] as const
  let chosen = -1
  for (const [index, { depth }] of nodes.entries()) {
    if (depth < minDepth) continue
    if (chosen < 0 || isGreater(rank(index), rank(chosen))) chosen = index
  }
  if (chosen < 0) return null
  return { replies: chainTo(nodes, chosen), engagement: totals[chosen] ?? null }
}

/** How deep each reply lies, by its id: 1 answers the post. */
export const replyDepths = (replies: readonly Reply[]): Map<string, number> =>
  new Map(growTree(replies).nodes.map(({ id, depth }) => [id, depth]))

/** Of each reply with those it stands on. */
function totalsOf(nodes: readonly Node[], order: readonly number[]): (number | null)[] {
  const totals: (number | null)[] = Array.from({ length: nodes.length }, () => null)
  for (const index of order) {
    const node = nodes[index]
    if (node) totals[index] = addKnown(totals[node.up] ?? null, node.engagement)
  }
  return totals
}

const greater = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other)

const isGreater = (one: readonly [number, number], other: readonly [number, number]): boolean =>
  one[0] > other[0] || (one[0] === other[0] && one[1] > other[1])
