import { z } from 'zod'
import { Instant } from '../../core/instant.ts'
import { pageLimit } from '../../core/paging.ts'
import { Id } from '../../http/id.ts'
import { platformIds } from '../../platforms/index.ts'

export const CoverageFilter = z.strictObject({
  platform: z.enum(platformIds).optional(),
  source: Id.optional().describe('Id of a source'),
  from: Instant.optional().describe(
    'Start of the period, inclusive; 30 days before its end when left out',
  ),
  to: Instant.optional().describe('End of the period, exclusive; now when left out or later'),
  limit: pageLimit(50, 200),
  cursor: z.string().max(500).optional().describe('nextCursor of the page before'),
})
export type CoverageFilter = z.infer<typeof CoverageFilter>

export const CoverageSummary = z
  .object({
    ratio: z
      .number()
      .nullable()
      .describe('observedHours / sourceHours, rounded down; null: no source was watched then'),
    sources: z.number().int().describe('Sources that were watched at some time of the period'),
    sourceHours: z.number().describe('Hours of the period since watching began, over all sources'),
    observedHours: z.number(),
    missedHours: z.number().describe('Hours in gaps; gaps of one source that overlap count once'),
    gaps: z.number().int(),
    recovered: z.number().int().describe('Gaps whose posts were fetched afterwards'),
    possiblyMissing: z.number().int().describe('Gaps of which posts may never have been fetched'),
  })
  .meta({ id: 'CoverageSummary' })
export type CoverageSummary = z.infer<typeof CoverageSummary>

export const GapView = z
  .object({
    id: Id,
    source: z.object({ id: Id, handle: z.string(), title: z.string().nullable() }),
    platform: z.enum(platformIds),
    from: z.iso.datetime(),
    to: z.iso.datetime().nullable().describe('Null: the gap is still open'),
    reason: z.string(),
    posts: z
      .enum(['unknown', 'recovered', 'possibly_missing'])
      .describe('What became of the posts of this time; unknown until the gap is closed'),
  })
  .meta({ id: 'CoverageGap' })
export type GapView = z.infer<typeof GapView>

export const CoverageView = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    summary: CoverageSummary,
    gaps: z.array(GapView).describe('Newest first, whole, also where they reach out of the period'),
    nextCursor: z.string().nullable().describe('Null: this was the last page of gaps'),
  })
  .meta({ id: 'Coverage' })
