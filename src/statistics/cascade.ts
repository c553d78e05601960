/** `parent` null: it answers the post itself. */
export type Reply = {
  id: string
  parent: string | null
  author: string | null
  atS: number
  engagement: number | null
}

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

type Node = Reply & { up: number; depth: number; below: number }

/**
 * The shape of one thread, in O(n) and without recursion: a chain of any length does no harm, and
 * neither does a circle. ν = 2·Σ s·(n-s) / (n·(n-1)) over the edges, s the size of the part below.
 */
export function cascadeShape(replies: readonly Reply[], rootAtS: number): CascadeShape {
  const nodes = linked(replies)
  const { order, cycles } = outwards(nodes)
  measureParts(nodes, order)
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
      (total, { engagement }) => (engagement === null ? total : (total ?? 0) + engagement),
      null,
    ),
  }
}

/** The first of several with one id counts; -1: under the post itself. */
function linked(replies: readonly Reply[]): Node[] {
  const places = new Map<string, number>()
  const nodes: Node[] = []
  for (const reply of replies) {
    if (places.has(reply.id)) continue
    places.set(reply.id, nodes.length)
    nodes.push({ ...reply, up: -1, depth: 1, below: 1 })
  }
  for (const node of nodes) node.up = node.parent === null ? -1 : (places.get(node.parent) ?? -1)
  return nodes
}

/**
 * Indices from the post outwards (breadth first). A circle is reached by nobody: it is cut at one of
 * its replies, which then answers the post, and the walk goes on from there.
 */
function outwards(nodes: readonly Node[]): { order: number[]; cycles: number } {
  const answers = Map.groupBy(nodes.keys(), (index) => nodes[index]?.up ?? -1)
  const order: number[] = []
  const reached = new Set<number>()
  let next = 0
  const walkFrom = (roots: readonly number[]) => {
    order.push(...roots)
    for (; next < order.length; next++) {
      const index = order[next] ?? -1
      reached.add(index)
      for (const child of answers.get(index) ?? []) if (!reached.has(child)) order.push(child)
    }
  }
  for (const root of answers.get(-1) ?? []) walkFrom([root])
  let cycles = 0
  for (const start of nodes.keys()) {
    if (reached.has(start)) continue
    const cut = onCircle(nodes, start)
    const node = nodes[cut]
    if (node) node.up = -1
    cycles++
    walkFrom([cut])
  }
  return { order, cycles }
}

/** The first reply that is met twice on the way up. */
function onCircle(nodes: readonly Node[], start: number): number {
  const seen = new Set<number>()
  let index = start
  while (!seen.has(index)) {
    seen.add(index)
    index = nodes[index]?.up ?? -1
  }
  return index
}

/** Depths outwards, sizes of the parts inwards. */
function measureParts(nodes: readonly Node[], order: readonly number[]): void {
  const pairs = order.flatMap((index) => {
    const node = nodes[index]
    const above = node && nodes[node.up]
    return node && above ? [{ node, above }] : []
  })
  for (const { node, above } of pairs) node.depth = above.depth + 1
  for (const { node, above } of pairs.toReversed()) above.below += node.below
}

function breadthOf(nodes: readonly Node[]): number {
  const widths = new Map<number, number>()
  for (const { depth } of nodes) widths.set(depth, (widths.get(depth) ?? 0) + 1)
  return Math.max(0, ...widths.values())
}

function chainTo(nodes: readonly Node[], deepest: number): Node[] {
  const chain: Node[] = []
  for (let node = nodes[deepest]; node; node = node.up < 0 ? undefined : nodes[node.up]) {
    chain.push(node)
  }
  return chain.toReversed()
}

function halfTime(replies: readonly Reply[], rootAtS: number): number | null {
  const times = replies.map(({ atS }) => atS).toSorted((one, other) => one - other)
  const half = times[Math.ceil(times.length / 2) - 1]
  return half === undefined ? null : Math.max(0, half - rootAtS)
}
