import { dayMs, type Slot } from '../calendar.ts'
import { type Random, randomFor } from '../random.ts'
import type { RedditRef, RedditWorld, Subreddit } from '../reddit.world.ts'
import { paragraphs, sentence } from '../text/composer.ts'
import type { Topic } from '../text/topic.ts'
import type { SourceListing } from '../world.ts'
import { commentAt, commentById, shapesOf } from './reddit.comments.ts'
import { postId, readPostId } from './reddit.ids.ts'
import { isListed, numbersOf, writePost } from './reddit.posts.ts'
import { createRoster, hasLeft, listing, numericId, type Source } from './roster.ts'
import { firstDayOfHistory, type Setting } from './setting.ts'

export function createReddit(setting: Setting): RedditWorld & { list: () => SourceListing[] } {
  const communities: Source[] = createRoster(setting, {
    platform: 'reddit',
    count: 80,
    perDay: 9,
    maxPerDay: 500,
    medianAudience: 40_000,
    firstDay: firstDayOfHistory(setting),
    name: subredditName,
    fates: [
      { standing: 'private', every: 40, at: 13 },
      { standing: 'banned', every: 40, at: 27 },
      { standing: 'gone', every: 80, at: 36 },
      { standing: 'leaves', every: 80, at: 61 },
    ],
  }).map((profile) => ({
    ...profile,
    id: Number(numericId(200_000_000, 1_900_000_000, setting.seed, 't5', profile.index)).toString(
      36,
    ),
  }))
  const byName = new Map(
    communities.map((community) => [community.handle.toLowerCase(), community]),
  )
  const find = (id: string): { community: Source; slot: Slot } | null => {
    const community = communities[readPostId(id)?.source ?? -1]
    const slot = community && !hasLeft(setting, community) && findSlot(setting, community, id)
    return community && slot ? { community, slot } : null
  }
  return {
    list: () => communities.map((community) => listing('reddit', community, `t5_${community.id}`)),
    subreddit: (name) => {
      const community = byName.get(name.toLowerCase())
      return community && !hasLeft(setting, community) ? presentSubreddit(setting, community) : null
    },
    newest: (name, most) => newest(setting, byName.get(name.toLowerCase()), most),
    post: (id) => {
      const found = find(id)
      return found ? writePost(setting, found.community, found.slot) : null
    },
    commentShapes: (id) => {
      const found = find(id)
      return found ? shapesOf(setting, found.community, found.slot) : []
    },
    comment: (id, index) => {
      const found = find(id)
      return found ? commentAt(setting, found.community, found.slot, index) : null
    },
    commentById: (id) => commentById(setting, find, id),
  }
}

function subredditName(random: Random, topic: Topic, taken: ReadonlySet<string>) {
  const free = topic.subreddit.find((name) => !taken.has(name))
  const handle = free ?? `${random.pick(topic.subreddit)}${random.int(90) + 10}`
  const title = `${handle.charAt(0).toUpperCase()}${handle.slice(1)}: all about ${topic.id}`
  return { handle, title }
}

function newest(setting: Setting, community: Source | undefined, most: number): RedditRef[] {
  const refs: RedditRef[] = []
  if (!community) return refs
  for (const slot of community.calendar.before(setting.time.now())) {
    if (refs.length === most) break
    if (!isListed(setting, community, slot)) continue
    const presentedMs = setting.time.presented(slot.worldMs)
    refs.push({
      id: postId(presentedMs, community.index, slot.ordinal),
      subreddit: community.handle,
      presentedMs,
      score: () => numbersOf(setting, community, slot).score,
    })
  }
  return refs
}

function findSlot({ time }: Setting, community: Source, id: string): Slot | null {
  const place = readPostId(id)
  if (!place) return null
  const near = Math.floor(time.world(place.presentedMs) / dayMs)
  // Ids know the tenth of a second only, which may be world days when the world is fast.
  const reach = Math.ceil((100 * time.speed()) / dayMs) + 1
  for (let day = near - 1; day <= near + reach; day++) {
    const slot = community.calendar.slot(day, place.ordinal)
    if (slot && postId(time.presented(slot.worldMs), community.index, slot.ordinal) === id) {
      return slot.worldMs <= time.now() ? slot : null
    }
  }
  return null
}

function presentSubreddit({ seed, time }: Setting, community: Source): Subreddit {
  const random = randomFor(seed, 'subreddit', community.index)
  const subscribers = community.audience(time.now())
  const { standing } = community
  const wave =
    1 + 0.5 * Math.sin(((time.now() / 3_600_000 + community.utcOffset - 10) / 24) * 2 * Math.PI)
  return {
    id: community.id,
    name: community.handle,
    title: community.title,
    description: `${sentence(random, community.topic, 'thoughtful', 'en')}\n\n${paragraphs(random, community.topic, 'en', 2)}`,
    createdAt: new Date(community.createdMs),
    over18: false,
    subscribers,
    online: community.index % 9 === 2 ? null : Math.max(1, Math.round(subscribers * 0.004 * wave)),
    standing: standing === 'private' || standing === 'banned' ? standing : 'active',
  }
}
