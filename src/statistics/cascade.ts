import { addKnown, chainTo, growTree, type Node, type Reply } from './reply-tree.ts'

export type { Reply } from './reply-tree.ts'

export type CascadeShape = {
  /** Nodes, the post included. */
  size: number
  /** Edges from the post to its farthest reply; 0 where nobody answered. */
  depth: number
  /** The most replies at one depth. */
  breadth: number
  /** Mean distance of all pairs of nodes (Goel et al. 2016); null of fewer than two. */
  virality: number | null
  /** Seconds until half of the replies were there; null without any. */
  halfS: number | null
  authors: number
  /** Replies whose parent is not there: counted as answers to the post. */
  orphans: number
  /** Replies on a circle of parents, which no honest thread has: likewise. */
  cycles: number
  /** Of the longest chain, from its first reply to its last. */
  chain: string[]
  /** Of that chain together; null where nothing of it is known. */
  chainEngagement: number | null
}

/**
 * The shape of one thread, in O(n) and without recursion. ν = 2·Σ s·(n-s) / (n·(n-1)) over the edges, s the size of the part below.
 */
export function cascadeShape(replies: readonly Reply[], rootAtS: number): CascadeShape {
  const { nodes, order, cycles } = growTree(replies)
  const n = nodes.length + 1
  let pairs = 0
  for (const { below } of nodes) pairs += below * (n - below)
  const depth = nodes.reduce((most, node) => Math.max(most, node.depth), 0)
  const chain = chainTo(nodes, order.find((index) => nodes[index]?.depth === depth) ?? -1)
  return {
    size: n,
    depth,
    breadth: breadthOf(nodes),
    virality: n < 2 ? null : (2 * pairs) / (n * (n - 1)),
    halfS: halfTime(replies, rootAtS),
    authors: new Set(replies.map(({ author }) => author).filter((one) => one !== null)).size,
    orphans: nodes.filter(({ up, parent }) => up < 0 && parent !== null).length - cycles,
    cycles,
    chain: chain.map(({ id }) => id),
    chainEngagement: chain.reduce<number | null>(
      (total, { engagement }) => addKnown(total, engagement),
      null,
    ),
  }
}

function breadthOf(nodes: readonly Node[]): number {
  const widths = new Map<number, number>()
  for (const { depth } of nodes) widths.set(depth, (widths.get(depth) ?? 0) + 1)
  // Not by spreading: as many arguments as a thread is deep are too many.
  return [...widths.values()].reduce((most, width) => Math.max(most, width), 0)
}

function halfTime(replies: readonly Reply[], rootAtS: number): number | null {
  const times = replies.map(({ atS }) => atS).toSorted((one, other) => one - other)
  const half = times[Math.ceil(times.length / 2) - 1]
  return half === undefined ? null : Math.max(0, half - rootAtS)
}
