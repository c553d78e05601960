import { type CascadeShape, cascadeShape, type Reply } from '../../src/statistics/cascade.ts'
import { quantile } from '../../src/statistics/quantile.ts'
import { type Finding, type Part, percent, readRows, round } from '../real-analytics-data.ts'

type Statement = { id: string; parent: string | null }
type Comment = {
  id: string
  parent_id: string
  link_id: string
  author: string
  created_utc: number
}

const reply = (id: string, parent: string | null): Reply => ({
  id,
  parent,
  author: null,
  atS: 0,
  engagement: null,
})

/** A thread is whatever hangs together; its root is the post. */
function threadsOf(rows: readonly Statement[]): Reply[][] {
  const parents = new Map(rows.map(({ id, parent }) => [id, parent]))
  const roots = new Map<string, string>()
  const rootOf = (id: string): string => {
    const path: string[] = []
    let at = id
    for (let up = parents.get(at); up && parents.has(up) && !roots.has(at); up = parents.get(at)) {
      path.push(at)
      at = up
    }
    const root = roots.get(at) ?? at
    for (const one of [...path, at]) roots.set(one, root)
    return root
  }
  const byRoot = Map.groupBy(rows, ({ id }) => rootOf(id))
  return [...byRoot].map(([root, own]) =>
    own
      .filter(({ id }) => id !== root)
      .map(({ id, parent }) => reply(id, parent === root ? null : parent)),
  )
}

/** The mean distance of all pairs by walking from every node: slow, and nothing of ours in it. */
function walkedVirality(replies: readonly Reply[]): number {
  const neighbours = new Map<string, string[]>([['root', []]])
  for (const { id } of replies) neighbours.set(id, [])
  for (const { id, parent } of replies) {
    neighbours.get(parent ?? 'root')?.push(id)
    neighbours.get(id)?.push(parent ?? 'root')
  }
  let total = 0
  for (const start of neighbours.keys()) total += walkFrom(start, neighbours)
  return total / (neighbours.size * (neighbours.size - 1))
}

/** The sum of the distances to all others. A map is walked in the order in which it grows. */
function walkFrom(start: string, neighbours: ReadonlyMap<string, string[]>): number {
  const distance = new Map([[start, 0]])
  let total = 0
  for (const [node, steps] of distance) {
    total += steps
    for (const next of neighbours.get(node) ?? []) {
      if (!distance.has(next)) distance.set(next, steps + 1)
    }
  }
  return total
}

const ranks = (values: readonly number[]): number[] => {
  const order = values
    .map((value, index) => ({ value, index }))
    .toSorted((a, b) => a.value - b.value)
  const found = new Array<number>(values.length).fill(0)
  for (let from = 0; from < order.length; ) {
    let to = from
    while (order[to + 1]?.value === order[from]?.value) to++
    for (let at = from; at <= to; at++) found[order[at]?.index ?? 0] = (from + to) / 2
    from = to + 1
  }
  return found
}

/** Spearman's: Pearson's of the ranks. */
function rankCorrelation(xs: readonly number[], ys: readonly number[]): number {
  const [rx, ry] = [ranks(xs), ranks(ys)]
  const middle = (rx.length - 1) / 2
  const dot = (one: readonly number[], two: readonly number[]) =>
    one.reduce((sum, value, at) => sum + (value - middle) * ((two[at] ?? 0) - middle), 0)
  return dot(rx, ry) / Math.sqrt(dot(rx, rx) * dot(ry, ry))
}

const numbers = (shapes: readonly CascadeShape[], of: (shape: CascadeShape) => number | null) =>
  shapes.map(of).filter((value) => value !== null)

function describe(part: string, shapes: readonly CascadeShape[]): Finding[] {
  const answered = shapes.filter(({ size }) => size > 1)
  const large = answered.filter(({ size }) => size >= 20)
  const median = (of: (shape: CascadeShape) => number | null, all = answered) =>
    round(quantile(numbers(all, of), 0.5))
  const p95 = (of: (shape: CascadeShape) => number | null) =>
    round(quantile(numbers(answered, of), 0.95))
  const told = (name: string, value: string, n = answered.length) => ({ part, name, value, n })
  return [
    told(
      'median (95th percentile) of the size',
      `${median((s) => s.size)} (${p95((s) => s.size)})`,
    ),
    told('of the depth', `${median((s) => s.depth)} (${p95((s) => s.depth)})`),
    told('of the structural virality', `${median((s) => s.virality)} (${p95((s) => s.virality)})`),
    told(
      'of the virality of those with 20 nodes and more',
      median((s) => s.virality, large),
      large.length,
    ),
    told(
      'threads that end within one hop of the post',
      percent(answered.filter(({ depth }) => depth === 1).length / Math.max(1, answered.length)),
    ),
    told(
      'rank correlation of size and virality, 20 nodes and more',
      round(
        rankCorrelation(
          large.map(({ size }) => size),
          numbers(large, (s) => s.virality),
        ),
      ),
      large.length,
    ),
    told(
      'rank correlation of depth and virality, 20 nodes and more',
      round(
        rankCorrelation(
          large.map(({ depth }) => depth),
          numbers(large, (s) => s.virality),
        ),
      ),
      large.length,
    ),
  ]
}

async function findings(): Promise<Finding[]> {
  const threads = threadsOf(await readRows<Statement>('reddit_threads_2015'))
  const shapes = threads.map((replies) => cascadeShape(replies, 0))
  const checked = threads.filter(({ length }) => length > 1 && length < 400)
  const worst = Math.max(
    ...checked.map((replies) =>
      Math.abs((cascadeShape(replies, 0).virality ?? 0) - walkedVirality(replies)),
    ),
  )
  const comments = await readRows<Comment>('reddit_comments_2006')
  const old = [...Map.groupBy(comments, ({ link_id }) => link_id).values()].map((own) =>
    cascadeShape(
      own.map(({ id, parent_id, link_id, author, created_utc }) => ({
        ...reply(id, parent_id === link_id ? null : parent_id.replace(/^t1_/, '')),
        author,
        atS: created_utc,
      })),
      0,
    ),
  )
  const orphans = old.reduce((sum, shape) => sum + shape.orphans, 0)
  return [
    ...describe('threads 2015', shapes),
    {
      part: 'threads 2015',
      name: 'largest difference from walking all pairs',
      value: worst.toExponential(1),
      n: checked.length,
    },
    ...describe('threads 2006', old),
    {
      part: 'threads 2006',
      name: 'comments whose parent is not in the file',
      value: percent(orphans / comments.length),
      n: comments.length,
    },
  ]
}

export const cascades: Part = { name: 'cascades', findings }
