import type { z } from 'zod'
import type { Context } from '../../../../context.ts'
import { AppError } from '../../../../core/errors.ts'
import { frameOf } from '../../frame/answer.ts'
import { type Bucket, bucketsOf, wholeQuarters } from '../../frame/buckets.ts'
import { definitionsOf } from '../../frame/definitions.ts'
import { scopeOf } from '../../frame/scope.ts'
import type { MoodScope } from '../texts.ts'
import { allScored } from './counts.service.ts'
import {
  bySize,
  type Grouped,
  type GroupsAsked,
  groupsOf,
  type MoodGroup,
  sampledGroups,
  sourceGroups,
  together,
  topicGroup,
} from './groups.service.ts'
import { type MoodSums, neighboursOf, noMoods } from './moments.ts'
import { sumMoods } from './rollup-moods.queries.ts'
import { inOrder, presentMood, presentPoint } from './shares.presenter.ts'
import type { SentimentQuery, SentimentShares } from './shares.schemas.ts'
import { nameSources } from './source-names.queries.ts'

type Needs = Pick<Context, 'em' | 'clock'>

/** So many points one answer carries at most. */
const mostPoints = 10_000

const refused = (pointer: `/${string}`, message: string) =>
  new AppError('invalid_input', message, { fields: [{ in: 'query', pointer, message }] })

/** Shares of moods and their mean: in all, over time, and by group. */
export async function sentimentShares(
  ctx: Needs,
  query: SentimentQuery,
): Promise<z.input<typeof SentimentShares>> {
  const { zone, bucket, by, texts, order, k, topic, ...asked } = query
  const scope: MoodScope = { ...wholeQuarters(scopeOf(asked, ctx)), texts }
  const buckets = bucketsFor(query, scope)
  if ((by === 'topic') !== (topic !== undefined)) {
    throw refused('/topic', 'topic and by=topic go together.')
  }
  const isOne = scope.source !== undefined && by !== 'platform'
  const platforms = groupsOf(
    await sumMoods(ctx.em, scope, { by: isOne ? 'none' : 'platform', buckets }),
  )
  const all = together(platforms)
  const { total } = all
  const neighbours = neighboursOf(total)
  const grouped =
    by === 'platform'
      ? { groups: platforms.toSorted(bySize).slice(0, k), count: platforms.length, sample: null }
      : await groupedBy(ctx, query, { scope, buckets, most: k, total })
  const series = (group: MoodGroup | undefined) =>
    (buckets ?? []).map((one, index) =>
      presentPoint(one, group?.buckets.get(index) ?? noMoods, neighbours),
    )
  const names = by === 'source' ? await nameSources(ctx.em, grouped.groups) : new Map()
  const groups = grouped.groups.map((group) => ({
    key: group.key,
    name: names.get(group.key) ?? null,
    mood: presentMood(group.total, neighbours),
    series: series(group),
  }))
  return {
    ...(await frameOf(ctx, scope)),
    definitions: definitionsOf(['sentiment_share', 'compound']),
    zone,
    bucket,
    by,
    total: presentMood(total, neighbours),
    series: series(all),
    groups: inOrder(groups, order),
    groupCount: grouped.count,
    sample: grouped.sample && { ...grouped.sample, of: total.n },
  }
}

function bucketsFor({ bucket, zone, by, k }: SentimentQuery, scope: MoodScope): Bucket[] | null {
  if (bucket === 'none') return null
  const buckets = bucketsOf(bucket, zone, Date.parse(scope.from), Date.parse(scope.to))
  const series = 1 + (by === 'none' ? 0 : by === 'topic' ? 1 : k)
  if (buckets.length * series <= mostPoints) return buckets
  throw refused(
    '/bucket',
    `${buckets.length} ${bucket}s in ${series} series are more than ${mostPoints} points: ask for longer buckets, a shorter period or fewer groups.`,
  )
}

async function groupedBy(
  { em }: Needs,
  { by, topic }: SentimentQuery,
  { total, ...asked }: Omit<GroupsAsked, 'counts'> & { total: MoodSums },
): Promise<Grouped> {
  if (by === 'none' || by === 'platform') return { groups: [], count: 0, sample: null }
  const counts = { scored: total.n, all: await allScored(em, asked.scope) }
  if (by === 'source') return sourceGroups(em, { ...asked, counts })
  if (counts.scored === 0) return { groups: [], count: 0, sample: null }
  return topic === undefined
    ? sampledGroups(em, by === 'tag' ? 'tag' : 'category', { ...asked, counts })
    : topicGroup(em, topic, { ...asked, counts })
}
