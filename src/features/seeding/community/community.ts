import { randomOf } from '../random.ts'
import { dayMs, hourMs, spanDays, type World, type WorldPost } from '../world.ts'
import { settle } from './people.ts'
import { type CommunityOptions, writePosts } from './posts.ts'
import { writeThreads } from './threads.ts'

/**
 * Seed 000's world: people who post with hashtags on X, YouTube and in Reddit communities over 90 days,
 * half as many comments in reply trees, and one hashtag that everybody uses in the last hour.
 */
export function communityWorld(options: CommunityOptions): World {
  const { seed, epochMs, users, posts } = options
  const people = settle(randomOf(seed, 'people'), users)
  const answers = new Map<string, number[]>()
  const own = writePosts(options, people, answers)
  const comments = writeThreads(options, own, people.authors, Math.floor(posts / 2))
  for (const { threadId, publishedMs } of comments) {
    const known = answers.get(threadId ?? '')
    if (known) known.push(publishedMs)
    else answers.set(threadId ?? '', [publishedMs])
  }
  const startMs = (Math.floor(epochMs / dayMs) - spanDays) * dayMs
  const gapMs = startMs + 40 * dayMs + 9 * hourMs
  return {
    startMs,
    epochMs,
    sources: people.sources,
    authors: people.authors,
    posts: [...own, ...comments].sort(byTime),
    gaps: people.sources.slice(0, 2).map(({ externalId }, index) => ({
      source: externalId,
      fromMs: gapMs,
      toMs: gapMs + (index + 1) * 6 * hourMs,
      reason: 'rate_limited',
      posts: index === 0 ? 'recovered' : 'possibly_missing',
    })),
  }
}

const byTime = (one: WorldPost, other: WorldPost) =>
  one.publishedMs - other.publishedMs || (one.externalId < other.externalId ? -1 : 1)
