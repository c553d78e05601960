import { z } from 'zod'
import { pageLimit } from '../../../core/paging.ts'
import { frameFields } from '../frame/answer.ts'
import { scopeFields } from '../frame/scope.ts'
import { CommentView, ThreadView } from './thread.schemas.ts'

export const ChainQuery = z.strictObject({
  ...scopeFields,
  min_depth: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(3)
    .describe('The least replies that a chain must have'),
  min_engagement: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000_000)
    .default(50)
    .describe('The least engagement that they must have together'),
  limit: pageLimit(10, 50),
  cursor: z.string().max(500).optional().describe('nextCursor of the page before'),
})
export type ChainQuery = z.infer<typeof ChainQuery>

export const ViralChains = z
  .object({
    ...frameFields,
    items: z
      .array(
        z.object({
          thread: ThreadView,
          depth: z.number().int().describe('Replies of the chain'),
          engagement: z.number().int().describe('Of its replies together, as far as told'),
          nodes: z.array(CommentView).describe('From the answer to the post downwards'),
          leftOut: z
            .number()
            .int()
            .describe('Replies of the chain beyond the 100 shown: GET /api/posts/{id}/thread'),
        }),
      )
      .describe(
        'The chain with the most engagement of each thread that has such a one; fewer than limit where the threads are very large',
      ),
    nextCursor: z.string().nullable().describe('Null: this was the last page'),
  })
  .meta({ id: 'ViralChains' })
export type ViralChains = z.infer<typeof ViralChains>
