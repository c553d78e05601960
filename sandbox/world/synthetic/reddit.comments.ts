import type { Slot } from '../calendar.ts'
import { matured, momentWhen } from '../growth.ts'
import { type Random, randomFor } from '../random.ts'
import type { CommentShape, RedditComment, RedditWorld } from '../reddit.world.ts'
import { moodNames, nowAndThenAwkward, reaction, sentence } from '../text/composer.ts'
import { personName } from '../text/names.ts'
import { commentId, postId, readCommentId } from './reddit.ids.ts'
import { finalsOf, growthOf } from './reddit.posts.ts'
import type { Source } from './roster.ts'
import type { Setting } from './setting.ts'

const hour = 3_600_000

/** Comments arrive along the post's growth, so their number is what the post says it is. */
export function shapesOf(setting: Setting, community: Source, slot: Slot): CommentShape[] {
  const final = finalsOf(setting, community, slot).comments
  const shapes: CommentShape[] = []
  for (let index = 0; index < final; index++) {
    const worldMs = momentWhen(growthOf(community, slot), (index + 1) / final)
    if (worldMs > setting.time.now()) break
    shapes.push(shapeOf(setting, community, slot, index, worldMs))
  }
  return shapes
}

function shapeOf(
  setting: Setting,
  community: Source,
  slot: Slot,
  index: number,
  worldMs: number,
): CommentShape {
  const random = randomFor(
    setting.seed,
    'reddit-tree',
    community.index,
    slot.day,
    slot.ordinal,
    index,
  )
  const final = random.normal() * 6 + (random.chance(0.05) ? 60 : 3)
  const age = (setting.time.now() - worldMs) / hour
  return {
    parent: parentOf(random, index, isQuarrel(setting, community, slot)),
    presentedMs: setting.time.presented(worldMs),
    score: 1 + Math.trunc(final * matured(age, 4)),
  }
}

/** Under some posts two people cannot stop, and one chain runs through most of the comments. */
const isQuarrel = ({ seed }: Setting, community: Source, slot: Slot): boolean =>
  randomFor(seed, 'reddit-quarrel', community.index, slot.day, slot.ordinal).chance(0.05)

/** Talk goes on where it is fresh: answers go to one of the last comments more often. */
function parentOf(random: Random, index: number, quarrel: boolean): number | null {
  if (index === 0) return null
  if (quarrel) return random.chance(0.9) ? index - 1 : random.int(index)
  if (random.chance(0.4)) return null
  return random.chance(0.6) ? Math.max(0, index - 1 - random.int(4)) : random.int(index)
}

export function commentAt(
  setting: Setting,
  community: Source,
  slot: Slot,
  index: number,
): RedditComment | null {
  const final = finalsOf(setting, community, slot).comments
  if (index >= final) return null
  const worldMs = momentWhen(growthOf(community, slot), (index + 1) / final)
  if (worldMs > setting.time.now()) return null
  const random = randomFor(
    setting.seed,
    'reddit-words',
    community.index,
    slot.day,
    slot.ordinal,
    index,
  )
  const { topic, lang } = community
  const body = random.chance(0.7)
    ? reaction(random, topic, lang)
    : `${sentence(random, topic, random.pick(moodNames), lang)}\n\n${reaction(random, topic, lang)}`
  const post = postId(setting.time.presented(slot.worldMs), community.index, slot.ordinal)
  const gone = random.chance(0.03)
  return {
    id: commentId(post, index),
    ...shapeOf(setting, community, slot, index, worldMs),
    author: gone ? null : personName(random).handle,
    body: gone ? '[deleted]' : nowAndThenAwkward(random, body),
  }
}

type Find = (postId: string) => { community: Source; slot: Slot } | null

export function commentById(
  setting: Setting,
  find: Find,
  id: string,
): ReturnType<RedditWorld['commentById']> {
  const place = readCommentId(id)
  const found = place && find(place.postId)
  const comment = found && commentAt(setting, found.community, found.slot, place.index)
  if (!comment) return null
  const parentId = comment.parent === null ? null : commentId(place.postId, comment.parent)
  return { ...place, comment, parentId }
}
