import type { Context } from '../../../context.ts'
import { surprise } from '../../../statistics/burst.ts'
import { lastMinutes } from '../counts/period.ts'
import { findBusyTags, lengths, type Told } from './authors.queries.ts'
import { type Baseline, findBaseline } from './baseline.ts'
import { openEpisodes } from './episodes.repository.ts'
import type { Surprise, Surprises } from './listed.ts'
import { whyListed, whyWithheld } from './why.ts'

/** So many deviations above what is usual, and so many people, are no chance. */
const clearZ = 5.5
const leastAuthors = 5
/** Who wrote half of the posts owns the tag: no trend. */
const mostByOne = 0.5

type Judged = Omit<Surprise, 'why' | 'since'> & { byOne: number }

/** The window in which the tag is most surprising; null: too few people in both. */
function judge(hashtag: string, told: Told, { of, hourFactor }: Baseline): Judged | null {
  const judged = lengths.flatMap((windowMinutes) => {
    const { posts, authors, byOne } = told[windowMinutes]
    if (authors < leastAuthors) return []
    const burst = surprise({ observed: authors, hourFactor, ...of(hashtag, windowMinutes) })
    return [{ hashtag, count: posts, authors, byOne, windowMinutes, ...burst }]
  })
  return judged.toSorted((one, other) => other.z - one.z)[0] ?? null
}

/**
 * Tags that far more people use than is usual at this hour of the week, the most surprising first. In
 * the last 15 and 60 minutes; how the words are meant: definitions, `tag_surprise`.
 */
export async function findSurprises(
  ctx: Pick<Context, 'em' | 'clock'>,
  { k, platform, zone }: { k: number; platform?: string | undefined; zone: string },
): Promise<Surprises> {
  const { from, to } = lastMinutes(ctx.clock.now(), 60)
  const busy = await findBusyTags(ctx.em, { to, platform, least: leastAuthors })
  const empty = { from, to, listed: [], withheld: [], judged: busy.size, reason: null }
  if (busy.size === 0) return empty
  const baseline = await findBaseline(ctx.em, { to, tags: [...busy.keys()], platform })
  if (!baseline) return { ...empty, judged: 0, reason: 'history_too_short' }
  const clear = [...busy]
    .flatMap(([tag, told]) => judge(tag, told, baseline) ?? [])
    .filter(({ z }) => z >= clearZ)
    .toSorted((one, other) => other.z - one.z)
  const isOwned = ({ byOne, count }: Judged) => byOne >= mostByOne * count
  const known = await openEpisodes(ctx.em)
  const listed = clear
    .filter((one) => !isOwned(one))
    .slice(0, k)
    .map(({ byOne: _, ...one }) => ({
      ...one,
      why: whyListed(one, { at: new Date(to), zone, weeksSeen: baseline.weeksSeen }),
      since: platform ? null : (known.get(one.hashtag) ?? null),
    }))
  const withheld = clear.filter(isOwned).map(({ hashtag, count, authors, z, byOne }) => ({
    hashtag,
    count,
    authors,
    z,
    why: whyWithheld(byOne, count),
  }))
  return { ...empty, listed, withheld }
}
