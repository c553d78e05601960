import { type Answer, jsonAnswer } from '../http/answer.ts'
import type { RedditRef, RedditWorld, Subreddit } from '../world/reddit.world.ts'
import { redditError } from './reddit.errors.ts'
import type { Thing } from './reddit.presenters.ts'

/** A listing ends there, however many posts there are. */
export const listingEnd = 1000

export const listing = (children: Thing[], after: string | null, before: string | null): Thing => ({
  kind: 'Listing',
  data: { after, dist: children.length, modhash: null, geo_filter: '', children, before },
})

export const listingAnswer = (
  children: Thing[],
  after: string | null = null,
  before: string | null = null,
) => jsonAnswer(200, listing(children, after, before))

export type Sort = 'new' | 'hot' | 'top' | 'rising' | 'controversial'

const spans: Record<string, number> = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
  year: 365 * 86_400_000,
}

/** Reddit's own formula: ten times the score is worth twelve and a half hours. */
const heat = (score: number, presentedMs: number) =>
  Math.sign(score) * Math.log10(Math.max(1, Math.abs(score))) + presentedMs / 1000 / 45_000

export function ordered(
  refs: RedditRef[],
  sort: Sort,
  span: string | null,
  nowMs: number,
): RedditRef[] {
  const since = sort === 'top' ? nowMs - (spans[span ?? 'day'] ?? Number.POSITIVE_INFINITY) : 0
  return refs
    .filter(({ presentedMs }) => presentedMs >= since)
    .map((ref) => ({ ref, rank: rankOf(ref, sort) }))
    .sort((a, b) => b.rank - a.rank || order(b.ref, a.ref))
    .map(({ ref }) => ref)
}

function rankOf({ presentedMs, score }: RedditRef, sort: Sort): number {
  if (sort === 'new') return presentedMs
  return sort === 'hot' || sort === 'rising' ? heat(score(), presentedMs) : score()
}

const order = (a: RedditRef, b: RedditRef) =>
  a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** "a+b": those that cannot be read are passed over, unless there is only one. */
export function readable(reddit: RedditWorld, names: string): Subreddit[] | Answer {
  const wanted = names.split('+').filter((name) => name !== '')
  const found = wanted.flatMap((name) => reddit.subreddit(name) ?? [])
  const open = found.filter(({ standing }) => standing === 'active')
  if (open.length > 0) return open
  const [only] = found
  return only ? closed(only) : redditError(404, 'Not Found')
}

export const closed = ({ standing }: Subreddit): Answer =>
  standing === 'private'
    ? redditError(403, 'Forbidden', 'private')
    : redditError(404, 'Not Found', 'banned')

type Page = { refs: RedditRef[]; after: string | null; before: string | null }

/** An anchor that is no longer in the listing leaves nothing: Reddit does not look further. */
export function cut(refs: RedditRef[], query: URLSearchParams): Page {
  const limit = Math.min(100, Math.max(1, Number(query.get('limit') ?? 25) || 25))
  const [after, before] = [query.get('after'), query.get('before')]
  const place = (name: string) => refs.findIndex(({ id }) => `t3_${id}` === name)
  const nameOf = (ref: RedditRef | undefined) => (ref ? `t3_${ref.id}` : null)
  if (before) {
    const end = Math.max(0, place(before))
    const start = Math.max(0, end - limit)
    const part = refs.slice(start, end)
    return { refs: part, after: nameOf(part.at(-1)), before: start > 0 ? nameOf(part[0]) : null }
  }
  const anchor = after ? place(after) : -1
  const start = after && anchor < 0 ? refs.length : anchor + 1
  const part = refs.slice(start, start + limit)
  const more = start + limit < refs.length
  return {
    refs: part,
    after: more ? nameOf(part.at(-1)) : null,
    before: start > 0 && part.length > 0 ? nameOf(part[0]) : null,
  }
}
