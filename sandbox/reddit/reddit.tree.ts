import type { CommentShape, RedditWorld, Subreddit } from '../world/reddit.world.ts'
import { listing } from './reddit.listing.ts'
import { presentComment, type Texts, type Thing } from './reddit.presenters.ts'

type Tree = {
  reddit: RedditWorld
  postId: string
  subreddit: Subreddit
  poster: string | null
  say: Texts
  shapes: CommentShape[]
  children: Map<number | null, number[]>
  mostDepth: number
  /** How many comments may still be shown. */
  left: number
}

type Options = {
  reddit: RedditWorld
  postId: string
  subreddit: Subreddit
  poster: string | null
  say: Texts
  sort: string
  limit: number
  depth: number
  /** Only this comment and what is below it. */
  focus: number | null
}

/** The best comments as deep and as many as asked for; "more" stands for those left out. */
export function commentTree(options: Options): Thing {
  const shapes = options.reddit.commentShapes(options.postId)
  const children = new Map<number | null, number[]>()
  for (const [index, { parent }] of shapes.entries()) {
    children.set(parent, [...(children.get(parent) ?? []), index])
  }
  const compare = comparators[options.sort] ?? comparators.confidence ?? (() => 0)
  for (const list of children.values()) {
    list.sort((a, b) => compare(shapes[a] ?? none, shapes[b] ?? none) || a - b)
  }
  const tree = { ...options, shapes, children, mostDepth: options.depth, left: options.limit }
  const { focus } = options
  if (focus === null) return branch(tree, null, `t3_${options.postId}`, 0)
  const parent = shapes[focus]?.parent ?? null
  const above = parent === null ? null : options.reddit.comment(options.postId, parent)
  const thing = leaf(tree, focus, above ? `t1_${above.id}` : `t3_${options.postId}`, 0)
  return listing(thing ? [thing] : [], null, null)
}

const none: CommentShape = { parent: null, presentedMs: 0, score: 0 }
const comparators: Record<string, (a: CommentShape, b: CommentShape) => number> = {
  confidence: (a, b) => b.score - a.score,
  new: (a, b) => b.presentedMs - a.presentedMs,
  old: (a, b) => a.presentedMs - b.presentedMs,
}

function branch(tree: Tree, parent: number | null, parentName: string, depth: number): Thing {
  const all = tree.children.get(parent) ?? []
  const shown: Thing[] = []
  const hidden: number[] = []
  for (const index of all) {
    const thing = tree.left > 0 ? leaf(tree, index, parentName, depth) : null
    if (thing) shown.push(thing)
    else hidden.push(index)
  }
  if (hidden.length > 0) shown.push(more(tree, hidden, parentName, depth))
  return listing(shown, null, null)
}

function leaf(tree: Tree, index: number, parent: string, depth: number): Thing | null {
  const comment = tree.reddit.comment(tree.postId, index)
  if (!comment) return null
  tree.left--
  const { postId, subreddit, say } = tree
  const byPoster = comment.author !== null && comment.author === tree.poster
  const place = { postId, parent, subreddit, depth, byPoster }
  return presentComment(comment, place, answers(tree, index, comment.id, depth), say)
}

function answers(tree: Tree, index: number, id: string, depth: number): Thing | '' {
  const below = tree.children.get(index) ?? []
  if (below.length === 0) return ''
  if (depth + 1 < tree.mostDepth) return branch(tree, index, `t1_${id}`, depth + 1)
  return listing([deeper(`t1_${id}`, depth + 1)], null, null)
}

/** What Reddit's page calls "continue this thread": whatever is below, unnamed and uncounted. */
export const deeper = (parent: string, depth: number): Thing => ({
  kind: 'more',
  data: { count: 0, name: 't1__', id: '_', parent_id: parent, depth, children: [] },
})

/** Names the hidden comments and counts them with all below them. */
function more(tree: Tree, hidden: readonly number[], parent: string, depth: number): Thing {
  const ids = hidden.flatMap((index) => tree.reddit.comment(tree.postId, index)?.id ?? [])
  const id = ids[0] ?? '_'
  const count = hidden.reduce((sum, index) => sum + size(tree, index), 0)
  return {
    kind: 'more',
    data: { count, name: `t1_${id}`, id, parent_id: parent, depth, children: ids },
  }
}

const size = (tree: Tree, index: number): number =>
  1 + (tree.children.get(index) ?? []).reduce((sum, child) => sum + size(tree, child), 0)
