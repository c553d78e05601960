import { hourOf, officeHours, weekdayOf, workingWeek } from '../calendar.ts'
import { growTo, looksOf } from '../growth.ts'
import { type Random, randomOf } from '../random.ts'
import { answerOf, moodOf, weightsOf } from '../vocabulary.ts'
import {
  dayMs,
  minuteMs,
  nothing,
  type WorldAuthor,
  type WorldPost,
  type WorldSample,
} from '../world.ts'

const kinds = ['views', 'likes', 'comments', 'shares'] as const
/** As seed 003 counts them: of a hundred engagements 78 are views, 17 likes. */
const weights = [78, 17, 2, 3]
type Counted = Record<(typeof kinds)[number], number[]>

type Options = { seed: number; epochMs: number; engagements: number }

/**
 * Gives each post its engagements, one by one, at hours when people read; what it had at each look is
 * counted from them. Returns the comments among them, as posts by readers.
 */
export function engage(
  { seed, epochMs, engagements }: Options,
  posts: readonly WorldPost[],
  readers: readonly WorldAuthor[],
  ages: readonly number[],
): WorldPost[] {
  const random = randomOf(seed, 'engagements')
  const quality = new Map(readersChoice(randomOf(seed, 'quality'), posts))
  const counted = new Map<string, Counted>()
  const comments: WorldPost[] = []
  const open = posts.filter(({ publishedMs }) => publishedMs <= epochMs - 60 * minuteMs)
  for (let left = open.length === 0 ? 0 : engagements; left > 0; ) {
    const post = random.pick(open)
    const atMs = momentAfter(random, post.publishedMs, epochMs)
    if (atMs === null || !random.chance(quality.get(post.author) ?? 1)) continue
    const kind = kinds[random.weighted(weights)] ?? 'views'
    const own = counted.get(post.externalId) ?? { views: [], likes: [], comments: [], shares: [] }
    counted.set(post.externalId, own)
    own[kind].push(atMs)
    if (kind === 'comments')
      comments.push(commentOf(random, post, random.pick(readers), atMs, epochMs))
    left -= 1
  }
  for (const post of posts) {
    const own = counted.get(post.externalId)
    post.samples = () => samplesOf(own, looksUntilNow(post.publishedMs, epochMs, ages))
  }
  return comments.map((one, index) => ({ ...one, externalId: `comment-${index + 1}` }))
}

/** The young ones are looked at once more at the end, so that every engagement has been counted. */
function looksUntilNow(publishedMs: number, epochMs: number, ages: readonly number[]): number[] {
  const looks = looksOf(publishedMs, epochMs, ages)
  const now = Math.floor(epochMs / minuteMs) * minuteMs
  const isYoung = publishedMs + Math.max(...ages) * minuteMs > now
  return isYoung && looks.at(-1) !== now ? [...looks, now] : looks
}

/** Some authors are read three times as much as others. */
const readersChoice = (random: Random, posts: readonly WorldPost[]) =>
  [...new Set(posts.map(({ author }) => author))]
    .sort()
    .map((author): [string, number] => [author, 0.35 + 0.65 * random.unit()])

const busiestHour = Math.max(...officeHours)
const busiestDay = Math.max(...workingWeek)

/** Soon after publication, and when people are at their desks; null: not then. */
function momentAfter(random: Random, publishedMs: number, epochMs: number): number | null {
  const share = random.unit()
  const atMs = publishedMs + 1_000 + Math.floor(share * share * share * 6 * dayMs)
  if (atMs > epochMs) return null
  const hour = (officeHours[hourOf(atMs)] ?? 0) / busiestHour
  const day = (workingWeek[weekdayOf(atMs)] ?? 0) / busiestDay
  return random.chance(hour * day) ? atMs : null
}

function samplesOf(own: Counted | undefined, looks: readonly number[]): WorldSample[] {
  const until = (moments: readonly number[] | undefined, atMs: number) =>
    (moments ?? []).reduce((count, one) => (one <= atMs ? count + 1 : count), 0)
  return looks.map((atMs) => ({
    ...nothing,
    atMs,
    views: until(own?.views, atMs),
    likes: until(own?.likes, atMs),
    comments: until(own?.comments, atMs),
    shares: until(own?.shares, atMs),
  }))
}

function commentOf(
  random: Random,
  post: WorldPost,
  reader: WorldAuthor,
  publishedMs: number,
  epochMs: number,
): WorldPost {
  const mood = moodOf(random, [25, 45, 30])
  return {
    platform: post.platform,
    source: post.source,
    author: reader.externalId,
    externalId: '',
    kind: 'comment',
    title: null,
    body: answerOf(random, mood),
    url: post.url,
    replyTo: post.externalId,
    threadId: post.externalId,
    category: null,
    publishedMs,
    promoted: false,
    tags: [],
    mood: weightsOf(random, mood),
    samples: () =>
      growTo(publishedMs, looksOf(publishedMs, epochMs, [60]), { ...nothing, likes: 0 }, 60),
  }
}
