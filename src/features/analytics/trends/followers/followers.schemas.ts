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
          followers: z.number().int().nullable().describe('At the last look of its days'),
          at: z.iso.datetime().nullable().describe('When that was'),
          mean: z.number().nullable().describe('Over its days that were looked at'),
          min: z.number().int().nullable(),
          max: z.number().int().nullable(),
          change: z
            .number()
            .int()
            .nullable()
            .describe('Since the point before, where both are known'),
          days: z.number().int().describe('How many days it stands for'),
          reason: z.enum(['not_observed']).nullable(),
        }),
      )
      .describe('Days of the zone, from the first look on'),
    daysPerPoint: z.number().int().describe('More than 1 where there are over 1,000 days'),
    growth: z.object({
      change: Figure.describe('Last less first'),
      rate: Figure,
      daily: Figure,
    }),
  })
  .meta({ id: 'Followers' })
