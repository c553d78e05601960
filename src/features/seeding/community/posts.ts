import { eveningHours, evenWeek, momentsOf } from '../calendar.ts'
import { growTo, looksOf, luck, usualLooks } from '../growth.ts'
import { type Random, randomOf } from '../random.ts'
import { bodyOf, type Mood, moodOf, tagAt, titleOf, topicOfTag, weightsOf } from '../vocabulary.ts'
import { minuteMs, type Numbers, nothing, type SeedPlatform, type WorldPost } from '../world.ts'
import { categoryOf, type People } from './people.ts'

export type CommunityOptions = {
  seed: number
  epochMs: number
  users: number
  posts: number
  hashtags: number
}

const kinds = { twitter: 'tweet', youtube: 'video', reddit: 'reddit_post' } as const
const platforms: readonly SeedPlatform[] = ['twitter', 'youtube', 'reddit']
const shares = [35, 10, 55]
/** In the last hour everybody talks about this one. */
const burstTag = 3
const burstMs = 50 * minuteMs

/** `answers` says when each post was answered; the numbers of comments follow it exactly. */
export function writePosts(
  options: CommunityOptions,
  people: People,
  answers: ReadonlyMap<string, readonly number[]>,
): WorldPost[] {
  const { seed, epochMs, posts } = options
  const random = randomOf(seed, 'posts')
  const calendar = { hours: eveningHours, week: evenWeek }
  const inBurst = Math.min(40, Math.floor(posts / 50))
  const moments = [
    ...momentsOf(random, epochMs, posts - inBurst, calendar),
    ...Array.from({ length: inBurst }, () => epochMs - 10 * minuteMs - random.int(burstMs)),
  ].sort((one, other) => one - other)
  return moments.map((publishedMs, index) =>
    writeOne(random, options, people, answers, publishedMs, index),
  )
}

function writeOne(
  random: Random,
  { seed, epochMs, hashtags }: CommunityOptions,
  people: People,
  answers: ReadonlyMap<string, readonly number[]>,
  publishedMs: number,
  index: number,
): WorldPost {
  const platform = platforms[random.weighted(shares)] ?? 'reddit'
  const source = random.pick(people.sources.filter((one) => one.platform === platform))
  const author = skewed(random, people.bySource.get(source.externalId) ?? [])
  const isBurst = publishedMs > epochMs - burstMs && random.chance(0.8)
  const main = mainTag(random, hashtags, index, isBurst)
  const tags = tagsOf(random, main, hashtags)
  const mood = moodOf(random, [20, 40, 40])
  const title = titleOf(random, mood, tagAt(main))
  const externalId = `${platform}-${String(index + 1).padStart(7, '0')}`
  return {
    platform,
    source: source.externalId,
    author: author.externalId,
    externalId,
    kind: kinds[platform],
    title: platform === 'twitter' ? null : title,
    body: bodyOf(random, title, tags),
    url: `https://example.org/seeded/${externalId}`,
    replyTo: null,
    threadId: null,
    category: categoryOf(platform, topicOfTag(main)),
    publishedMs,
    promoted: random.chance(0.05),
    tags,
    mood: weightsOf(random, mood),
    samples: () => {
      const own = randomOf(seed, `numbers/${externalId}`)
      const looks = looksOf(publishedMs, epochMs, usualLooks)
      const whole = numbersOf(own, platform, source.followers, mood)
      const told = growTo(publishedMs, looks, whole, 60 + own.int(400))
      const answered = answers.get(externalId) ?? []
      if (platform === 'twitter') return told
      return told.map((one) => ({ ...one, comments: countUntil(answered, one.atMs) }))
    },
  }
}

/** Low places post far more often than high ones. */
function skewed<T>(random: Random, list: readonly T[]): T {
  const share = random.unit()
  const one = list[Math.floor(share * share * list.length)]
  if (one === undefined) throw new Error('Nobody is there to post.')
  return one
}

/** Each tag is used at least once where there are posts enough; low numbers are used most. */
function mainTag(random: Random, hashtags: number, index: number, isBurst: boolean): number {
  if (isBurst) return burstTag % hashtags
  if (index < hashtags) return index
  const share = random.unit()
  return Math.floor(share * share * share * hashtags)
}

/** Tags of one topic keep company: every eighth has the same. */
function tagsOf(random: Random, main: number, hashtags: number): string[] {
  const chosen = new Set([main])
  for (let more = random.weighted([35, 35, 20, 10]); more > 0; more--) {
    const isOther = random.chance(0.15)
    const steps = 1 + random.int(3)
    chosen.add((isOther ? random.int(hashtags) : main + 8 * steps) % hashtags)
  }
  return [...chosen].map(tagAt).sort()
}

const moodFactor: Record<Mood, number> = { negative: 1.1, neutral: 0.8, positive: 1.2 }

/** What a post will have had in the end. */
function numbersOf(random: Random, platform: SeedPlatform, followers: number, mood: Mood): Numbers {
  const reach = (followers / 40) * luck(random) * moodFactor[mood]
  const views = Math.floor(reach) + random.int(20)
  const likes = Math.floor((views * (10 + random.int(50))) / 1_000)
  if (platform === 'twitter') {
    const comments = Math.floor((likes * random.int(20)) / 100)
    return {
      ...nothing,
      views,
      likes,
      comments,
      shares: Math.floor((likes * random.int(30)) / 100),
    }
  }
  if (platform === 'youtube') return { ...nothing, views, likes, comments: 0 }
  const score = Math.floor(reach / 25) + random.int(12)
  return { ...nothing, score, comments: 0, upvoteRatio: (60 + random.int(40)) / 100 }
}

/** How many of these moments, which are in order, are not later. */
function countUntil(moments: readonly number[], atMs: number): number {
  let [low, high] = [0, moments.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((moments[middle] ?? 0) <= atMs) low = middle + 1
    else high = middle
  }
  return low
}
