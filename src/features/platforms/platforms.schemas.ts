import { z } from 'zod'
import { platformIds } from '../../platforms/index.ts'

export const PlatformParams = z.strictObject({
  platform: z.enum(platformIds, { error: `must be one of ${platformIds.join(', ')}` }),
})

const Window = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('rolling'), seconds: z.number().int() }),
    z.object({ kind: z.literal('day'), timeZone: z.string() }),
    z.object({ kind: z.literal('month') }),
  ])
  .describe(
    'When it refills: after so many seconds, at midnight of a zone, on the first of a month',
  )

export const PlatformView = z
  .object({
    id: z.enum(platformIds),
    name: z.string(),
    sourceKind: z.enum(['channel', 'account', 'subreddit']),
    intervalMinutes: z
      .object({ min: z.number().int(), max: z.number().int(), default: z.number().int() })
      .describe('How often a monitoring job may run'),
    credentialFields: z.array(
      z.object({ name: z.string(), label: z.string(), secret: z.boolean() }),
    ),
    setup: z
      .object({ url: z.string(), steps: z.array(z.string()), note: z.string().nullable() })
      .describe('How a person gets these credentials today, step by step'),
    handleExample: z.string(),
    hasComments: z.boolean().describe('Whether the comments under its posts can be collected'),
    limits: z
      .array(
        z.object({
          bucket: z.string(),
          label: z.string(),
          unit: z.enum(['points', 'requests', 'units', 'micro_dollars']),
          amount: z.number().int(),
          window: Window,
        }),
      )
      .describe('The defaults; a profile may override each'),
  })
  .meta({ id: 'Platform' })
export type PlatformView = z.infer<typeof PlatformView>

export const PlatformList = z.object({ items: z.array(PlatformView) })
