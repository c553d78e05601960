import type { CascadeShape } from '../../../statistics/cascade.ts'
import { type Figure, figure } from '../frame/figure.ts'
import { whyNull } from '../frame/reasons.ts'
import type { ThreadView } from './thread.schemas.ts'
import type { ThreadRow } from './threads.queries.ts'

const count = (value: string | null) => (value === null ? null : Number(value))

/** Distances need two ends. */
export const viralityOf = ({ virality, size }: Pick<CascadeShape, 'virality' | 'size'>): Figure =>
  figure('structural_virality', virality, size, 'fewer_than_two_nodes')

type Untold = { halfTimeS: number | null; missing: number | null }

/** What a shape has or not, with why. */
export const withReasons = ({ halfTimeS, missing }: Untold) => ({
  halfTimeS,
  missing,
  reasons: {
    ...whyNull({ halfTimeS }, 'no_comments'),
    ...whyNull({ missing }, 'never_looked'),
  },
})

export function presentThread(row: ThreadRow): ThreadView {
  const { reasons, ...untold } = withReasons({ halfTimeS: count(row.half_s), missing: row.missing })
  const bestChainEngagement = count(row.engagement)
  const why = row.size < 2 ? 'no_comments' : 'not_reported'
  return {
    ...placeOf(row),
    ...untold,
    bestChainEngagement,
    reasons: { ...reasons, ...whyNull({ bestChainEngagement }, why) },
  }
}

const placeOf = (row: ThreadRow) => ({
  postId: row.post_id,
  platform: row.platform as ThreadView['platform'],
  sourceId: row.source_id,
  title: row.title,
  url: row.url,
  publishedAt: new Date(row.published_at).toISOString(),
  size: row.size,
  depth: row.depth,
  breadth: row.breadth,
  virality: viralityOf(row),
  authors: row.authors,
  orphans: row.orphans,
  cycles: row.cycles,
  computedAt: row.computed_at.toISOString(),
})
