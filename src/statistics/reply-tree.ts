/** `parent` null: it answers the post itself. */
export type Reply = {
  id: string
  parent: string | null
  author: string | null
  atS: number
  engagement: number | null
}

export type Node = Reply & {
  /** Index of the reply that this one answers; -1: the post itself. */
  up: number
  depth: number
  /** Replies in the part that hangs on this one, itself included. */
  below: number
}

/** `order` names indices of `nodes` so that whoever is answered comes before the answer. */
export type ReplyTree = { nodes: Node[]; order: number[]; cycles: number }

/**
 * The tree of one thread, in O(n) and without recursion: a chain of any length does no harm, and
 * neither does a circle of parents, which is cut.
 */
export function growTree(replies: readonly Reply[]): ReplyTree {
  const nodes = linked(replies)
  const { order, cycles } = outwards(nodes)
  measureParts(nodes, order)
  return { nodes, order, cycles }
}

/** A reply and those it stands on, from the one that answers the post. */
export function chainTo(nodes: readonly Node[], last: number): Node[] {
  const chain: Node[] = []
  for (let node = nodes[last]; node; node = node.up < 0 ? undefined : nodes[node.up]) {
    chain.push(node)
  }
  return chain.toReversed()
}

/** What is known of them together; null: nothing is. */
export const addKnown = (total: number | null, one: number | null): number | null =>
  one === null ? total : (total ?? 0) + one

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
