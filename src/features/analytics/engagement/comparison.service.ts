import type { Context } from '../../../context.ts'
import { compareMedians } from '../../../statistics/medians.ts'
import { frameOf } from '../frame/answer.ts'
import { wholeQuarters } from '../frame/buckets.ts'
import { definitionsOf } from '../frame/definitions.ts'
import { type Figure, figure } from '../frame/figure.ts'
import { type Scope, scopeOf } from '../frame/scope.ts'
import { findGroups, type Group, type Sampled, sampleGroups } from './comparison.queries.ts'
import type { ComparisonQuery, ComparisonView } from './comparison.schemas.ts'
import { rounded } from './figures.ts'
import { quartilesOf } from './standing.ts'

type Needs = Pick<Context, 'em' | 'clock'>

const quarterMs = 900_000

/** Sources, platforms or kinds by what their posts had at the same age. */
export async function compareGroups(
  { em, clock }: Needs,
  { by, age, measure, ...asked }: ComparisonQuery,
): Promise<ComparisonView> {
  const exact = scopeOf(asked, { clock })
  const scope = oldEnough(wholeQuarters(exact), age, clock.now())
  const young = scope.from >= scope.to
  const { groups, all } = young ? { groups: [], all: 0 } : await findGroups(em, by, scope)
  const sampled = await sampleGroups(em, by, groups, scope, age, measure)
  return {
    ...(await frameOf({ em }, young ? exact : { ...exact, from: scope.from, to: scope.to })),
    definitions: definitionsOf([measure, 'median_at_age', 'times_the_others']),
    by,
    ageHours: age,
    measure,
    groups: told(groups, sampled),
    groupsLeftOut: all - groups.length,
  }
}

/** Posts younger than the age cannot have been seen at it. */
function oldEnough(scope: Scope, age: number, now: Date): Scope {
  const last = Math.floor((now.getTime() - age * 3_600_000) / quarterMs) * quarterMs
  return Date.parse(scope.to) <= last ? scope : { ...scope, to: new Date(last).toISOString() }
}

type Told = ComparisonView['groups'][number]

function told(groups: readonly Group[], sampled: readonly Sampled[]): Told[] {
  const of = new Map(sampled.map((one) => [one.key, one]))
  const others = othersOf(sampled)
  const compared = sampled.filter(({ values }) => values.length > 0).length
  return groups
    .map((group) => {
      const own = of.get(group.key)
      const values = own?.values ?? []
      const times = timesTheOthers(values, others(group.key), compared)
      return {
        platform: group.platform as Told['platform'],
        kind: group.kind as Told['kind'],
        source:
          group.source_id === null
            ? null
            : { id: group.source_id, handle: group.handle ?? '', title: group.title },
        ...quartilesOf(values, 'no_sample_near_this_age'),
        since: own?.since ? new Date(own.since).toISOString() : null,
        shareKnown: own && own.posts > 0 ? rounded(Math.min(1, own.known / own.posts)) : null,
        timesTheOthers: times,
        difference: verdictOf(times),
      }
    })
    .toSorted((one, other) => (other.median.value ?? -1) - (one.median.value ?? -1))
}

/** All values of the other groups, ascending: sorted once, passed through for each group. */
function othersOf(sampled: readonly Sampled[]): (key: string) => Float64Array {
  const all = sampled
    .flatMap(({ values }, group) => values.map((value) => ({ value, group })))
    .sort((one, other) => one.value - other.value)
  const values = Float64Array.from(all, ({ value }) => value)
  const groups = Uint16Array.from(all, ({ group }) => group)
  return (key) => {
    const own = sampled.findIndex((one) => one.key === key)
    return values.filter((_, index) => groups[index] !== own)
  }
}

/** At a level that makes all statements of one answer hold together (Bonferroni). */
function timesTheOthers(own: number[], others: Float64Array, groups: number): Figure {
  const level = 1 - 0.05 / Math.max(1, groups)
  const ratio = compareMedians(own, others, level)
  if (!ratio) return figure('times_the_others', null, own.length, 'too_few_posts_to_compare')
  return {
    ...figure('times_the_others', rounded(ratio.ratio), own.length),
    low: rounded(ratio.interval.low),
    high: rounded(ratio.interval.high),
    level: rounded(level),
  }
}

function verdictOf({ value, low, high }: Figure): Told['difference'] {
  if (value === null || low === undefined || high === undefined) return 'not comparable'
  if (low > 1) return 'higher'
  return high < 1 ? 'lower' : 'no reliable difference'
}
