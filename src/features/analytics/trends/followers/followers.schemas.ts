import { z } from 'zod'
import { Id } from '../../../../http/id.ts'
import { frameFields } from '../../frame/answer.ts'
import { Figure } from '../../frame/figure.ts'
import { scopeFields, zoneField } from '../../frame/scope.ts'

const { platform: _, ...period } = scopeFields

export const FollowersQuery = z.strictObject({ ...period, source: Id, ...zoneField })
export type FollowersQuery = z.infer<typeof FollowersQuery>

export const Followers = z
  .object({
    ...frameFields,
    zone: z.string(),
    source: Id,
    points: z
      .array(
        z.object({
          from: z.iso.datetime(),
          to: z.iso.datetime(),
          local: z.string(),
          followers: z.number().int().nullable().describe('At the last look of the day'),
          at: z.iso.datetime().nullable().describe('When that was'),
          change: z
            .number()
            .int()
            .nullable()
            .describe('Since the day before, where both are known'),
          reason: z.enum(['not_observed']).nullable(),
        }),
      )
      .describe('Days of the zone, from the first look on'),
    growth: z.object({
      change: Figure.describe('Last less first'),
      rate: Figure,
      daily: Figure,
    }),
  })
  .meta({ id: 'Followers' })
