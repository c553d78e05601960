import type { CascadeShape } from '../../../statistics/cascade.ts'
import { type Figure, figure } from '../frame/figure.ts'
import type { ThreadView } from './thread.schemas.ts'
import type { ThreadRow } from './threads.queries.ts'

const count = (value: string | null) => (value === null ? null : Number(value))

/** Distances need two ends. */
export const viralityOf = ({ virality, size }: Pick<CascadeShape, 'virality' | 'size'>): Figure =>
  figure('structural_virality', virality, size, 'fewer_than_two_nodes')

export const presentThread = (row: ThreadRow): ThreadView => ({
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
  halfTimeS: count(row.half_s),
  authors: row.authors,
  orphans: row.orphans,
  cycles: row.cycles,
  missing: row.missing,
  bestChainEngagement: count(row.engagement),
  computedAt: row.computed_at.toISOString(),
})
