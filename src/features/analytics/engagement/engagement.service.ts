import type { Context } from '../../../context.ts'
import { frameOf } from '../frame/answer.ts'
import { wholeQuarters } from '../frame/buckets.ts'
import { type DefinitionId, definitionsOf } from '../frame/definitions.ts'
import { scopeOf } from '../frame/scope.ts'
import type { EngagementQuery, EngagementView } from './engagement.schemas.ts'
import { figuresOf } from './figures.ts'
import { redditFigures, twitchFigures, twitterFigures, youtubeFigures } from './platforms.ts'
import { findConsistency, sumStreams } from './streams.queries.ts'
import {
  addSums,
  type EngagementScope,
  findSourceSums,
  findSums,
  noSums,
  type SumRow,
} from './sums.queries.ts'

type Needs = Pick<Context, 'em' | 'clock'>

const used: DefinitionId[] = [
  'views',
  'likes',
  'comments',
  'shares',
  'engagement',
  'engagement_per_post',
  'views_per_post',
  'average_per_post',
  'er_by_followers',
  'er_by_followers_of_sums',
  'er_by_views',
  'er_by_views_of_sums',
  'er_by_reach',
  'like_rate',
  'like_rate_of_sums',
  'upvote_ratio',
  'youtube_like_ratio',
  'average_viewers',
  'average_viewers_of_sums',
  'peak_viewers',
  'hours_watched',
  'hours_live',
  'stream_consistency',
]

/** Totals, averages and rates of the posts that were published in a period. */
export async function summarizeEngagement(
  { em, clock }: Needs,
  { groupBy, limit, kind, ...asked }: EngagementQuery,
): Promise<EngagementView> {
  const exact = scopeOf(asked, { clock })
  const scope = { ...wholeQuarters(exact), kind }
  const found = await findSums(em, scope)
  const frame = await frameOf({ em }, { ...exact, from: scope.from })
  return {
    ...frame,
    definitions: definitionsOf(used),
    ...figuresOf(found.length === 0 ? noSums : addSums(found)),
    platforms: await platformsOf({ em }, { ...scope, to: exact.to }, found),
    ...(await groupsOf({ em }, scope, found, groupBy, limit)),
  }
}

async function platformsOf(
  { em }: Pick<Needs, 'em'>,
  scope: EngagementScope,
  found: readonly SumRow[],
): Promise<EngagementView['platforms']> {
  const asked = (platform: string) => !scope.platform || scope.platform === platform
  const of = (platform: string) => addSums(found.filter((row) => row.platform === platform))
  const streams = !scope.kind || scope.kind === 'stream'
  return {
    ...(asked('twitter') && { twitter: twitterFigures(of('twitter')) }),
    ...(asked('youtube') && { youtube: youtubeFigures(of('youtube')) }),
    ...(asked('reddit') && { reddit: redditFigures(of('reddit')) }),
    ...(asked('twitch') &&
      streams && {
        twitch: twitchFigures(await sumStreams(em, scope), await findConsistency(em, scope)),
      }),
  }
}

type Groups = Pick<EngagementView, 'groups' | 'groupsLeftOut'>
type Group = EngagementView['groups'][number]

async function groupsOf(
  { em }: Pick<Needs, 'em'>,
  scope: EngagementScope,
  found: readonly SumRow[],
  groupBy: EngagementQuery['groupBy'],
  limit: number,
): Promise<Groups> {
  if (!groupBy) return { groups: [], groupsLeftOut: 0 }
  if (groupBy === 'source') {
    const { items, sources } = await findSourceSums(em, scope, limit)
    const groups = items.map((row) => ({
      platform: row.platform as Group['platform'],
      kind: null,
      source: { id: row.source_id, handle: row.handle, title: row.title },
      ...figuresOf(row),
    }))
    return { groups, groupsLeftOut: sources - groups.length }
  }
  const keys = [...new Set(found.map((row) => row[groupBy]))]
  const groups = keys.map((key) => ({
    platform: groupBy === 'platform' ? (key as Group['platform']) : null,
    kind: groupBy === 'kind' ? (key as Group['kind']) : null,
    source: null,
    ...figuresOf(addSums(found.filter((row) => row[groupBy] === key))),
  }))
  const ordered = groups.toSorted((one, other) => other.totals.posts - one.totals.posts)
  return { groups: ordered.slice(0, limit), groupsLeftOut: Math.max(0, ordered.length - limit) }
}
