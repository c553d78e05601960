import { z } from 'zod'
import { pageLimit } from '../../../core/paging.ts'
import { frameFields } from '../frame/answer.ts'
import { Figure } from '../frame/figure.ts'
import { scopeFields } from '../frame/scope.ts'
import { ThreadView } from './thread.schemas.ts'

export const DepthQuery = z.strictObject({
  ...scopeFields,
  limit: pageLimit(50, 200),
  cursor: z.string().max(500).optional().describe('nextCursor of the page before'),
})
export type DepthQuery = z.infer<typeof DepthQuery>

const Summary = z.object({ mean: Figure, median: Figure, max: Figure }).meta({ id: 'Spread' })
export type Summary = z.infer<typeof Summary>

const Bucket = z.object({
  from: z.number().int(),
  to: z.number().int().nullable().describe('Inclusive; null: no end'),
  threads: z.number().int(),
})

export const DepthAnalysis = z
  .object({
    ...frameFields,
    threads: z.number().int().describe('Posts of the period whose comments were read'),
    incomplete: z.number().int().describe('Of these, threads of which comments are missing'),
    depth: Summary,
    size: Summary,
    breadth: Summary,
    virality: Summary,
    halfTimeS: Summary,
    distribution: z.object({
      depth: z.array(Bucket),
      size: z.array(Bucket),
      breadth: z.array(Bucket),
    }),
    deepest: z.array(ThreadView).describe('The ten deepest of the period'),
    items: z.array(ThreadView).describe('Newest first'),
    nextCursor: z.string().nullable().describe('Null: this was the last page'),
  })
  .meta({ id: 'DepthAnalysis' })
export type DepthAnalysis = z.infer<typeof DepthAnalysis>
