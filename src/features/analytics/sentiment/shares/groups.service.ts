import type { EntityManager } from '@mikro-orm/postgresql'
import type { Bucket } from '../../frame/buckets.ts'
import { sampleTexts, type TextSample } from '../sample.ts'
import type { MoodScope } from '../texts.ts'
import { added, type MoodRow, type MoodSums, noMoods, sumsOf } from './moments.ts'
import { sumMoods } from './rollup-moods.queries.ts'
import {
  countSample,
  countTexts,
  type SampledGroup,
  sumMatchingTexts,
  sumSampledMoods,
  sumTexts,
} from './sampled-moods.queries.ts'

export type MoodGroup = { key: string; total: MoodSums; buckets: Map<number, MoodSums> }
export type Grouped = {
  groups: MoodGroup[]
  /** How many there are in what was read, before the largest were taken. */
  count: number
  /** Where a sample was read: the chance that each text had to be in it, and how many were. */
  sample: { share: number; texts: number } | null
}

export type GroupsAsked = {
  scope: MoodScope
  buckets: readonly Bucket[] | null
  most: number
  /** Scored texts of the scope, and of the workspace in its period. */
  counts: { scored: number; all: number }
}

/** Rows of a group and bucket as groups with their sums; buckets add up to the group. */
export function groupsOf(found: readonly MoodRow[]): MoodGroup[] {
  const groups = new Map<string, MoodGroup>()
  for (const row of found) {
    const group = groups.get(row.key) ?? { key: row.key, total: noMoods, buckets: new Map() }
    const sums = sumsOf(row)
    group.total = added(group.total, sums)
    group.buckets.set(row.bucket, sums)
    groups.set(row.key, group)
  }
  return [...groups.values()]
}

/** Groups that leave nothing out, as one. */
export function together(groups: readonly MoodGroup[]): MoodGroup {
  const all: MoodGroup = { key: '', total: noMoods, buckets: new Map() }
  for (const { total, buckets } of groups) {
    all.total = added(all.total, total)
    for (const [bucket, sums] of buckets) {
      all.buckets.set(bucket, added(all.buckets.get(bucket) ?? noMoods, sums))
    }
  }
  return all
}

export const bySize = (one: MoodGroup, other: MoodGroup) =>
  other.total.n - one.total.n || (one.key < other.key ? -1 : 1)

/** Of more texts than this the rollups of sources are too many rows to be quick. */
const mostRolledUp = 150_000

/** Sources: exact from the rollups, or from a fair sample of very many texts. */
export async function sourceGroups(em: EntityManager, asked: GroupsAsked): Promise<Grouped> {
  const { scope, buckets, most, counts } = asked
  if (!scope.source && counts.scored > mostRolledUp) return sampledGroups(em, 'source', asked)
  const by = 'source'
  const all = groupsOf(await sumMoods(em, scope, { by, buckets: null })).toSorted(bySize)
  const largest = all.slice(0, most)
  if (!buckets || largest.length === 0) return { groups: largest, count: all.length, sample: null }
  const keys = largest.map(({ key }) => key)
  const series = groupsOf(await sumMoods(em, scope, { by, buckets, keys }))
  return { groups: series.toSorted(bySize), count: all.length, sample: null }
}

/** Tags and categories: from all texts of the scope, or from a fair sample of many. */
export async function sampledGroups(
  em: EntityManager,
  by: SampledGroup,
  { scope, buckets, most, counts }: GroupsAsked,
): Promise<Grouped> {
  const sample = sampleTexts(scope, counts)
  const found = await sumSampledMoods(em, sample, { by, buckets, most })
  const groups = groupsOf(found).toSorted(bySize)
  return {
    groups,
    count: Number(found[0]?.groups ?? 0),
    sample: await sizeOf(em, sample, found[0]),
  }
}

async function sizeOf(
  em: EntityManager,
  sample: TextSample,
  found?: { read: string },
): Promise<Grouped['sample']> {
  const { share } = sample
  if (share === 1) return null
  return { share, texts: found ? Number(found.read) : await countSample(em, sample) }
}

/** So many texts show whether words are common, and so many are read for the mood of common ones. */
const probed = 2_000
const probedLong = 10_000
/** A word in more of the texts than this has too many for the text index to be quick. */
const commonShare = 0.01

/** The texts that hold some words: all of them by the text index, of common words a fair sample. */
export async function topicGroup(
  em: EntityManager,
  topic: string,
  { scope, buckets, counts }: GroupsAsked,
): Promise<Grouped> {
  const asked = { topic, buckets }
  const isLittle = counts.all <= probed
  if (isLittle || (await isCommon(em, scope, counts, topic))) {
    const sample = sampleTexts(scope, counts, probedLong)
    const groups = groupsOf(await sumTexts(em, sample, asked))
    return { groups, count: groups.length, sample: await sizeOf(em, sample) }
  }
  const groups = groupsOf(await sumMatchingTexts(em, scope, asked))
  return { groups, count: groups.length, sample: null }
}

/** In the whole workspace, because its whole text index would be asked. */
async function isCommon(
  em: EntityManager,
  { from, to }: MoodScope,
  { all }: GroupsAsked['counts'],
  topic: string,
): Promise<boolean> {
  const anywhere: MoodScope = { from, to, texts: 'all' }
  const sample = sampleTexts(anywhere, { scored: all, all }, probed)
  const { read, found } = await countTexts(em, sample, topic)
  return found > commonShare * read
}
