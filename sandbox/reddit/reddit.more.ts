import type { RedditWorld, Subreddit } from '../world/reddit.world.ts'
import { presentComment, type Texts, type Thing } from './reddit.presenters.ts'
import { deeper } from './reddit.tree.ts'

type Options = {
  reddit: RedditWorld
  postId: string
  subreddit: Subreddit
  poster: string | null
  say: Texts
  ids: string[]
}

/** Comments that one answer holds, and how deep below those asked for. */
const mostShown = 200
const mostDepth = 10

/** The comments asked for and what is below them, flat; "more" for what finds no room. */
export function moreThings(options: Options): Thing[] {
  const { reddit, postId, ids } = options
  const shapes = reddit.commentShapes(postId)
  const below = Map.groupBy(shapes.keys(), (index) => shapes[index]?.parent ?? null)
  const waiting: Place[] = ids.toReversed().flatMap((id) => {
    const found = reddit.commentById(id)
    return found?.postId === postId ? [{ index: found.index, depth: 0 }] : []
  })
  const things: Thing[] = []
  while (things.length < mostShown) {
    const next = waiting.pop()
    if (!next) break
    const { index, depth } = next
    const thing = presented(options, next)
    if (!thing) continue
    things.push(thing)
    const answers = below.get(index) ?? []
    if (answers.length > 0 && depth + 1 >= mostDepth) {
      things.push(deeper(`${thing.data.name}`, depth + 1))
    } else {
      waiting.push(...answers.toReversed().map((one) => ({ index: one, depth: depth + 1 })))
    }
  }
  const left = waiting.flatMap(({ index }) => reddit.comment(postId, index)?.id ?? [])
  return left.length === 0 ? things : [...things, leftOut(left, postId)]
}

type Place = { index: number; depth: number }

function presented({ reddit, postId, subreddit, poster, say }: Options, at: Place): Thing | null {
  const comment = reddit.comment(postId, at.index)
  if (!comment) return null
  const above = comment.parent === null ? null : reddit.comment(postId, comment.parent)
  const parent = above ? `t1_${above.id}` : `t3_${postId}`
  const byPoster = comment.author !== null && comment.author === poster
  const { depth } = at
  return presentComment(comment, { postId, parent, subreddit, depth, byPoster }, '', say)
}

function leftOut(children: string[], postId: string): Thing {
  const [id = '_'] = children
  const count = children.length
  return {
    kind: 'more',
    data: { count, name: `t1_${id}`, id, parent_id: `t3_${postId}`, depth: 0, children },
  }
}
