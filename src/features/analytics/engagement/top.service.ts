import type { Context } from '../../../context.ts'
import { frameOf } from '../frame/answer.ts'
import { wholeQuarters } from '../frame/buckets.ts'
import { definitionsOf } from '../frame/definitions.ts'
import { figure } from '../frame/figure.ts'
import { scopeOf } from '../frame/scope.ts'
import { rounded } from './figures.ts'
import { findPeers, type PeerRow } from './peers.queries.ts'
import { inWords, timesTheMedian } from './standing.ts'
import { findPool, type Pool, poolSize, rankPool, type TopRow } from './top.queries.ts'
import type { PostBrief, TopQuery, TopView } from './top.schemas.ts'

type Needs = Pick<Context, 'em' | 'clock'>

/** The posts of a period that did best, each beside its own source at equal age. */
export async function findTop(
  { em, clock }: Needs,
  { by, limit, minimum, kind, ...asked }: TopQuery,
): Promise<TopView> {
  const exact = scopeOf(asked, { clock })
  const scope = { ...wholeQuarters(exact), kind }
  const direct = by === 'engagement' || by === 'views'
  const pool = await findPool(em, scope, by, direct ? limit : poolSize)
  const least = leastOf(by, minimum, pool)
  const found = await rankPool(em, pool.ids, by, least?.value ?? 0, limit)
  const peers = await peersOf({ em }, found)
  return {
    ...(await frameOf({ em }, { ...exact, from: scope.from })),
    definitions: definitionsOf([by, 'times_the_median']),
    by,
    minimum: least,
    among: {
      leadBy: pool.led,
      posts: pool.size,
      least: pool.least,
      complete: isComplete(by, pool, found, limit, least?.value ?? 0),
    },
    items: found.map((row, index) => presentItem(row, index + 1, by, peers.get(row.id))),
  }
}

/** Beyond a full pool nothing is known but that its posts lead by no less: the minimum rises to it. */
function leastOf(by: TopQuery['by'], minimum: number, pool: Pool): TopView['minimum'] {
  if (by === 'er_by_followers') return { of: 'followers', value: minimum }
  if (by !== 'er_by_views') return null
  return { of: 'views', value: pool.size < poolSize ? minimum : Math.max(minimum, pool.least + 1) }
}

/** What a post outside the pool could have at most: likes and comments are part of engagement. */
function isComplete(
  by: TopQuery['by'],
  pool: Pool,
  found: readonly TopRow[],
  limit: number,
  minimum: number,
): boolean {
  if (by === 'engagement' || by === 'views' || by === 'er_by_views') return true
  if (pool.size < poolSize) return true
  const outside = by === 'er_by_followers' ? (100 * pool.least) / minimum : pool.least
  return found.length === limit && (found.at(-1)?.value ?? 0) > outside
}

async function peersOf({ em }: Pick<Needs, 'em'>, found: readonly TopRow[]) {
  const idsOf = (streams: boolean) =>
    found.filter(({ kind }) => (kind === 'stream') === streams).map(({ id }) => id)
  const none: PeerRow[] = []
  const [posts, streams] = [idsOf(false), idsOf(true)]
  const peers = [
    ...(posts.length > 0 ? await findPeers(em, posts, 'engagement', 'newest') : none),
    ...(streams.length > 0 ? await findPeers(em, streams, 'viewers', 'newest') : none),
  ]
  return new Map(peers.map((row) => [row.post_id, row]))
}

function presentItem(
  row: TopRow,
  rank: number,
  by: TopQuery['by'],
  peers: PeerRow | undefined,
): TopView['items'][number] {
  const times = peers
    ? timesTheMedian(peers)
    : figure('times_the_median', null, 0, 'no_sample_near_a_common_age')
  return {
    rank,
    value: figure(by, rounded(row.value), 1),
    post: presentBrief(row),
    timesTheMedian: times,
    ageHours: peers?.age_hours ?? null,
    inWords: peers ? inWords(times, peers.age_hours) : null,
  }
}

export const presentBrief = (row: Omit<TopRow, 'value'>): PostBrief => ({
  id: row.id,
  platform: row.platform as PostBrief['platform'],
  kind: row.kind as PostBrief['kind'],
  source: { id: row.source_id, handle: row.source_handle, title: row.source_title },
  title: row.title,
  body: row.body,
  url: row.url,
  publishedAt: new Date(row.published_at).toISOString(),
  views: row.views,
  likes: row.likes,
  comments: row.comments,
  shares: row.shares,
  score: row.score,
  engagement: row.engagement,
  followers: row.audience,
})
