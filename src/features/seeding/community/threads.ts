import { growTo, looksOf, luck } from '../growth.ts'
import { type Random, randomOf } from '../random.ts'
import { answerOf, moodOf, weightsOf } from '../vocabulary.ts'
import { dayMs, hourMs, minuteMs, nothing, type WorldAuthor, type WorldPost } from '../world.ts'

/** How many comments a post has, and how many of them answer the one before. */
type Plan = { root: WorldPost; count: number; isChain: boolean }

const longestMs = 3 * dayMs

/** Shares `count` comments out: every tenth thread is hot and gets six times as many. */
function plansOf(random: Random, roots: readonly WorldPost[], count: number): Plan[] {
  if (roots.length === 0) return []
  const counts = roots.map(() => 0)
  for (let left = count; left > 0; ) {
    const index = random.int(roots.length)
    if (index % 10 !== 3 && !random.chance(1 / 6)) continue
    counts[index] = (counts[index] ?? 0) + 1
    left -= 1
  }
  const most = counts.indexOf(counts.reduce((one, other) => Math.max(one, other), 0))
  return roots.map((root, index) => ({
    root,
    count: counts[index] ?? 0,
    isChain: index === most,
  }))
}

/** Reply trees under Reddit posts and videos: `count` comments by people of each platform. */
export function writeThreads(
  options: { seed: number; epochMs: number },
  posts: readonly WorldPost[],
  authors: readonly WorldAuthor[],
  count: number,
): WorldPost[] {
  const random = randomOf(options.seed, 'threads')
  const latest = options.epochMs - hourMs
  const roots = posts.filter(
    ({ platform, publishedMs }) => platform !== 'twitter' && publishedMs <= latest,
  )
  const people = Map.groupBy(authors, ({ platform }) => platform)
  return plansOf(random, roots, count).flatMap((plan) =>
    writeThread(random, options, plan, people.get(plan.root.platform) ?? []),
  )
}

function writeThread(
  random: Random,
  { seed, epochMs }: { seed: number; epochMs: number },
  { root, count, isChain }: Plan,
  people: readonly WorldAuthor[],
): WorldPost[] {
  const room = Math.min(longestMs, epochMs - 10 * minuteMs - root.publishedMs)
  const times = Array.from({ length: count }, () => {
    const share = random.unit()
    return root.publishedMs + minuteMs + Math.floor((room - minuteMs) * share * share)
  }).sort((one, other) => one - other)
  const made: WorldPost[] = []
  for (const [index, publishedMs] of times.entries()) {
    const mood = moodOf(random, [25, 45, 30])
    const externalId = `${root.externalId}-c${String(index + 1).padStart(4, '0')}`
    made.push({
      platform: root.platform,
      source: root.source,
      author: random.pick(people).externalId,
      externalId,
      kind: 'comment',
      title: null,
      body: answerOf(random, mood),
      url: `https://example.org/seeded/${externalId}`,
      replyTo: parentOf(random, made, isChain) ?? root.externalId,
      threadId: root.externalId,
      category: null,
      publishedMs,
      promoted: false,
      tags: [],
      mood: weightsOf(random, mood),
      samples: () => {
        const own = randomOf(seed, `numbers/${externalId}`)
        const many = Math.floor(luck(own)) + own.int(4)
        const whole =
          root.platform === 'reddit' ? { ...nothing, score: many } : { ...nothing, likes: many }
        return growTo(publishedMs, looksOf(publishedMs, epochMs, [60]), whole, 60)
      },
    })
  }
  return made
}

/** null: it answers the post. Others answer one of the last five, in a chain nearly always the last. */
function parentOf(random: Random, made: readonly WorldPost[], isChain: boolean): string | null {
  const isDeep = random.chance(isChain ? 0.95 : 0.6)
  const back = isChain ? 1 : 1 + random.int(5)
  if (!isDeep || made.length === 0) return null
  return made[Math.max(0, made.length - back)]?.externalId ?? null
}
