import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../../context.ts'
import { type Association, association } from '../../../statistics/association.ts'
import { type Interval, wilson } from '../../../statistics/intervals.ts'
import { ceilTo, dayMs, floorTo, minuteMs, type Range } from '../counts/period.ts'
import { countTags } from '../counts/tag-counts.queries.ts'
import { countPosts } from '../surprise/authors.queries.ts'
import { findBeside, findNthNewest } from './together.queries.ts'

/** Of a tag with more posts than this, only the newest so many are looked at. */
export const mostLookedAt = 20_000
/** Candidates, by support: whoever is farther down stands beside the tag by accident. */
const mostCandidates = 200
const quarterMs = 15 * minuteMs

export const sorts = ['rate', 'lift', 'npmi'] as const
export type RecommendQuestion = {
  target: string
  minRate: number
  minSupport: number
  days: number
  limit: number
  sort: (typeof sorts)[number]
}
export type Recommended = Association & { hashtag: string; interval: Interval | null }
export type Recommendations = Range & {
  recommendations: Recommended[]
  /** Posts with the target in the period, and how many of them were looked at. */
  carrying: number
  lookedAt: number
}

/**
 * The tags that stand beside one. All figures are exact over [from, to); where the tag is so common
 * that only its newest posts were looked at, `from` is later than was asked for.
 */
export async function recommendTags(
  { em, clock }: Pick<Context, 'em' | 'clock'>,
  question: RecommendQuestion,
): Promise<Recommendations> {
  const { target, minRate, minSupport, limit, sort } = question
  const to = floorTo(clock.now().getTime(), minuteMs) + minuteMs
  const asked = { from: floorTo(to - question.days * dayMs, quarterMs), to }
  const carrying = await countOf(em, target, asked)
  const period = carrying > mostLookedAt ? await newestOf(em, target, asked) : asked
  const lookedAt = period === asked ? carrying : await countOf(em, target, period)
  const beside = await findBeside(em, target, {
    ...period,
    least: minSupport,
    most: mostCandidates,
  })
  const [total = 0] = await countPosts(em, [period])
  const theirs = await countTags(em, { ...period, tags: beside.map(({ tag }) => tag) })
  const counts = new Map(theirs.map(({ hashtag, count }) => [hashtag, count]))
  const recommendations = beside
    .flatMap(({ tag, both }) => {
      const told = association({ total, a: lookedAt, b: counts.get(tag) ?? 0, both })
      return told ? [{ hashtag: tag, ...told, interval: wilson(both, lookedAt) }] : []
    })
    .filter(({ rate }) => rate >= minRate)
    .toSorted((one, other) => other[sort] - one[sort] || other.support - one.support)
    .slice(0, limit)
  return { ...period, recommendations, carrying, lookedAt }
}

async function countOf(em: EntityManager, tag: string, range: Range): Promise<number> {
  const [told] = await countTags(em, { ...range, tags: [tag] })
  return told?.count ?? 0
}

/** From the first whole quarter of an hour of which all posts are among the newest. */
async function newestOf(em: EntityManager, target: string, asked: Range): Promise<Range> {
  const oldest = await findNthNewest(em, target, { ...asked, place: mostLookedAt })
  if (!oldest) return asked
  const from = Math.min(ceilTo(oldest.getTime() + 1, quarterMs), floorTo(asked.to - 1, quarterMs))
  return { from, to: asked.to }
}
