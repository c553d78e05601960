/** A post as best times are told from: `y` is the logarithm of what it had at a fixed age. */
export type TimedPost = {
  source: string
  /** null: not known. */
  author: string | null
  kind: string
  /** Stretch of thirty days, from 0. */
  month: number
  /** 24 · weekday + hour, Monday 0, in the zone that is asked for. */
  slot: number
  y: number
}

/**
 * What was seen of one group in one slot: `n` posts and the sum and sum of squares of their y. A group
 * is what must not be mistaken for the hour: an author, a kind of content and a month, so that neither
 * a prolific author, nor videos, nor a trend owns a slot.
 */
export type SlotCell = {
  group: string
  /** Of several authors, who also differ by who they are. */
  pooled?: boolean
  slot: number
  n: number
  total: number
  squares: number
}

/** A group of fewer says next to nothing of hours, and takes its level from chance. */
const leastPosts = 3

/**
 * Posts as cells of groups. Who has fewer than three posts of a kind is pooled with the others of that
 * source; months of fewer than three posts are put together with the next ones.
 */
export function slotCells(posts: readonly TimedPost[]): SlotCell[] {
  const habits = new Map<string, TimedPost[]>()
  const strangers = new Map<string, TimedPost[]>()
  const add = (to: Map<string, TimedPost[]>, key: string, own: readonly TimedPost[]) => {
    const before = to.get(key)
    if (before) for (const post of own) before.push(post)
    else to.set(key, [...own])
  }
  for (const post of posts) {
    const { source, author, kind } = post
    if (author === null) add(strangers, `${source} ${kind}`, [post])
    else add(habits, `${source} ${kind} ${author}`, [post])
  }
  const cells: SlotCell[] = []
  for (const [key, own] of habits) {
    const { source, kind } = own[0] as TimedPost
    if (own.length < leastPosts) add(strangers, `${source} ${kind}`, own)
    else addCells(cells, { name: key, pooled: false }, own)
  }
  for (const [key, own] of strangers) addCells(cells, { name: key, pooled: true }, own)
  return cells
}

type Group = { name: string; pooled: boolean }

function addCells(cells: SlotCell[], { name, pooled }: Group, posts: readonly TimedPost[]): void {
  for (const [index, own] of byMonths(posts).entries()) {
    const slots = new Map<number, SlotCell>()
    for (const { slot, y } of own) {
      let cell = slots.get(slot)
      if (!cell) {
        cell = { group: `${name} ${index}`, pooled, slot, n: 0, total: 0, squares: 0 }
        slots.set(slot, cell)
        cells.push(cell)
      }
      cell.n++
      cell.total += y
      cell.squares += y * y
    }
  }
}

/** Months in order, each with those after it until it has three posts; a last rest joins the one before. */
function byMonths(posts: readonly TimedPost[]): TimedPost[][] {
  const months = [...Map.groupBy(posts, ({ month }) => month)].toSorted(([a], [b]) => a - b)
  const groups: TimedPost[][] = []
  for (const [, own] of months) {
    const last = groups.at(-1)
    if (last && last.length < leastPosts) last.push(...own)
    else groups.push(own)
  }
  const rest = groups.at(-1)
  if (groups.length > 1 && rest && rest.length < leastPosts) {
    groups.pop()
    groups.at(-1)?.push(...rest)
  }
  return groups
}
