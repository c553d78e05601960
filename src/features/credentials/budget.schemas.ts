import { z } from 'zod'
import { Id } from '../../http/id.ts'

const Dollars = z.object({
  limit: z.number(),
  used: z.number(),
  remaining: z.number(),
  forecastPerDay: z.number(),
})

const BucketView = z.object({
  bucket: z.string(),
  label: z.string(),
  unit: z.enum(['points', 'requests', 'units', 'micro_dollars']),
  limit: z.number().int().describe('Ours, or what the platform said in this window where less'),
  used: z.number().int(),
  remaining: z.number().int(),
  windowStartedAt: z.iso.datetime().nullable().describe('Null: the next call opens a window'),
  resetsAt: z.iso.datetime().nullable().describe('Null: the bucket is full'),
  forecastPerDay: z.number().int().describe('What the active jobs will use a day'),
  forecastPerWindow: z.number().int().describe('The most they will use in one window'),
  fits: z.boolean().describe('Whether forecastPerWindow is within our limit'),
  dollars: Dollars.nullable().describe('The same figures in dollars, where the unit is money'),
})

export const BudgetView = z
  .object({
    profileId: Id,
    activeSources: z.number().int(),
    postsPerSourcePerDay: z.number().nullable().describe('Null: no post is looked at again'),
    postsBasis: z
      .enum(['measured', 'assumed'])
      .describe('measured: the average of the last 7 days; assumed: nothing was collected yet'),
    refreshesPerDay: z.number().int().describe('Looks at the numbers of posts already known'),
    threadsPerDay: z
      .number()
      .int()
      .describe('Looks at the comments of posts; where they do not fit they wait, posts do not'),
    buckets: z.array(BucketView),
  })
  .meta({ id: 'Budget' })
export type BudgetView = z.infer<typeof BudgetView>
