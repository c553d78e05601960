import { z } from 'zod'
import { platformIds } from '../../../platforms/index.ts'
import { frameFields } from '../frame/answer.ts'
import { Figure } from '../frame/figure.ts'
import { scopeFields } from '../frame/scope.ts'
import { SourceName } from './engagement.schemas.ts'
import { ages, compared, comparedField } from './measure.ts'
import { Quartiles } from './standing.ts'
import { postKinds } from './sums.queries.ts'
import { PostBrief } from './top.schemas.ts'

const oneOfAges = ages.map(String) as [string, ...string[]]

export const ComparisonQuery = z.strictObject({
  ...scopeFields,
  ...comparedField,
  by: z.enum(['source', 'platform', 'kind']).default('source'),
  age: z
    .enum(oneOfAges)
    .default('24')
    .transform((text) => Number(text) as (typeof ages)[number])
    .describe('Hours after publication'),
})
export type ComparisonQuery = z.infer<typeof ComparisonQuery>

const verdicts = ['higher', 'lower', 'no reliable difference', 'not comparable'] as const

export const ComparisonView = z
  .object({
    ...frameFields,
    by: z.enum(['source', 'platform', 'kind']),
    ageHours: z.number().int(),
    measure: z.enum(compared),
    groups: z
      .array(
        z.object({
          platform: z.enum(platformIds),
          kind: z.enum(postKinds).nullable(),
          source: SourceName.nullable(),
          ...Quartiles.shape,
          since: z.iso
            .datetime()
            .nullable()
            .describe('Where a group has more posts than are compared: its newest, from here on'),
          shareKnown: z
            .number()
            .nullable()
            .describe('Of the posts since then that are old enough, the share with a sample near'),
          timesTheOthers: Figure,
          difference: z
            .enum(verdicts)
            .describe('`no reliable difference`: the interval holds 1, chance is enough'),
        }),
      )
      .describe('By median, greatest first'),
    groupsLeftOut: z.number().int().describe('Only the groups with the most posts are compared'),
  })
  .meta({ id: 'EngagementComparison' })
export type ComparisonView = z.infer<typeof ComparisonView>

export const PostComparisonQuery = z.strictObject({
  measure: z
    .enum(compared)
    .optional()
    .describe('engagement when left out, of streams viewers, which is all that Twitch reports'),
})

export const PostComparisonView = z
  .object({
    ...frameFields,
    post: PostBrief,
    measure: z.enum(compared),
    curve: z
      .array(
        z.object({
          ageHours: z.number(),
          value: z.number().nullable(),
          min: z.number().nullable(),
          max: z.number().nullable(),
          n: z.number().int(),
        }),
      )
      .describe('From its samples; beyond 1,000 neighbours are drawn together'),
    ages: z
      .array(
        z.object({
          ageHours: z.number().int(),
          value: z.number().nullable(),
          sampledAgeHours: z.number().nullable().describe('The age that the sample really had'),
          others: Quartiles,
          timesTheMedian: Figure,
          inWords: z.string().nullable(),
        }),
      )
      .describe('At 1, 6, 24 and 168 hours beside its source’s posts of the same kind'),
  })
  .meta({ id: 'PostComparison' })
export type PostComparisonView = z.infer<typeof PostComparisonView>
