import { momentsOf, officeHours, workingWeek } from '../calendar.ts'
import { fewLooks } from '../growth.ts'
import { type Random, randomOf } from '../random.ts'
import { bodyOf, moodOf, tagAt, titleOf, weightsOf } from '../vocabulary.ts'
import {
  dayMs,
  spanDays,
  type World,
  type WorldAuthor,
  type WorldPost,
  type WorldSource,
} from '../world.ts'
import { engage } from './engagements.ts'

export type NewsroomOptions = {
  seed: number
  epochMs: number
  users: number
  posts: number
  hashtags: number
  authors: number
  engagements: number
}

const categories = ['Tech', 'Lifestyle', 'Health', 'Business', 'Entertainment', 'Finance'] as const
const source: WorldSource = {
  platform: 'twitter',
  externalId: 'newsroom',
  handle: 'newsroom',
  title: 'The newsroom',
  url: 'https://example.org/newsroom',
  followers: 48_000,
}

const person = (externalId: string, handle: string): WorldAuthor => ({
  platform: 'twitter',
  externalId,
  handle,
  displayName: handle,
  followers: null,
})

/**
 * Seed 003's world: 50 authors who publish in six categories during office hours, three times as much
 * on a working day, and readers whose views, likes, comments and shares are counted one by one.
 */
export function newsroomWorld(options: NewsroomOptions): World {
  const { seed, epochMs, users, posts, authors } = options
  const random = randomOf(seed, 'newsroom')
  const writers = Array.from({ length: authors }, (_, index) =>
    person(`author-${index + 1}`, `Author_${index + 1}`),
  )
  const readers = Array.from({ length: users }, (_, index) =>
    person(`user-${index + 1}`, `User_${index + 1}`),
  )
  const moments = momentsOf(random, epochMs, posts, { hours: officeHours, week: workingWeek })
  const written = moments.map((publishedMs, index) =>
    writeOne(random, options, writers, publishedMs, index),
  )
  const comments = engage(options, written, readers, fewLooks)
  return {
    startMs: (Math.floor(epochMs / dayMs) - spanDays) * dayMs,
    epochMs,
    sources: [source],
    authors: [...writers, ...readers],
    posts: [...written, ...comments].sort(byTime),
    gaps: [],
  }
}

function writeOne(
  random: Random,
  { hashtags }: NewsroomOptions,
  writers: readonly WorldAuthor[],
  publishedMs: number,
  index: number,
): WorldPost {
  const place = random.int(writers.length)
  // Each has a category of their own, in which most of their posts are.
  const category = random.chance(0.55)
    ? categories[place % categories.length]
    : random.pick(categories)
  const tags = [...new Set([random.int(hashtags), random.int(hashtags)])].map(tagAt).sort()
  const mood = moodOf(random, [15, 55, 30])
  const title = titleOf(random, mood, tags[0] ?? 'news')
  const externalId = `post-${String(index + 1).padStart(7, '0')}`
  return {
    platform: 'twitter',
    source: source.externalId,
    author: `author-${place + 1}`,
    externalId,
    kind: 'tweet',
    title,
    body: bodyOf(random, title, tags),
    url: `https://example.org/seeded/${externalId}`,
    replyTo: null,
    threadId: null,
    category: category ?? null,
    publishedMs,
    promoted: random.chance(0.07),
    tags,
    mood: weightsOf(random, mood),
    samples: () => [],
  }
}

const byTime = (one: WorldPost, other: WorldPost) =>
  one.publishedMs - other.publishedMs || (one.externalId < other.externalId ? -1 : 1)
