import { z } from 'zod'
import { Instant } from '../../../core/instant.ts'
import { Id } from '../../../http/id.ts'
import { platformIds } from '../../../platforms/index.ts'
import { CoverageSummary } from '../../coverage/index.ts'
import { EngagementView, TopView } from '../engagement/index.ts'
import { DefinitionView } from '../frame/definitions.ts'
import { Figure } from '../frame/figure.ts'
import { zoneField } from '../frame/scope.ts'
import { Extremes, SentimentShares } from '../sentiment/index.ts'
import { Trends } from '../trends/index.ts'

export const sectionNames = [
  'analytics',
  'engagement',
  'sentiment',
  'coverage',
  'topContent',
  'postingFrequency',
  'growth',
] as const
export type SectionName = (typeof sectionNames)[number]
const Platform = z.enum(platformIds)
const Section = z.enum(sectionNames)

const periodFields = {
  source: Id.optional().describe('Id of a source; all when left out'),
  from: Instant.optional().describe('Published at or after; 30 days before `to` when left out'),
  to: Instant.optional().describe('Published before this time; now when left out or later'),
  days: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_650)
    .optional()
    .describe('The last so many days, in place of from and to'),
  ...zoneField,
}

const listed = <Item extends string>(item: z.ZodType<Item, string>, what: string) =>
  z
    .string()
    .max(200)
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(item).min(1))
    .optional()
    .describe(`${what}, separated by commas; all when left out`)

/** As an address says it. */
export const ReportQuery = z.strictObject({
  ...periodFields,
  platforms: listed(Platform, 'Platforms'),
  sections: listed(Section, 'Sections'),
})

/** As a body says it. */
export const ReportRequest = z
  .strictObject({
    ...periodFields,
    platforms: z.array(Platform).min(1).optional().describe('All when left out'),
    sections: z.array(Section).min(1).optional().describe('All when left out'),
  })
  .meta({ id: 'ReportRequest' })
export type ReportRequest = z.infer<typeof ReportRequest>

const frame = { from: true, to: true, coverage: true, definitions: true } as const
const engagementOf = EngagementView.omit({ ...frame, groups: true, groupsLeftOut: true })

const AudienceView = z.object({
  source: z.object({ id: Id, name: z.string() }),
  first: z.number().int().nullable(),
  last: z.number().int().nullable(),
  growth: Figure,
})

const PlatformReport = z
  .object({
    platform: Platform,
    analytics: z
      .object({
        sources: z.number().int().describe('Sources that there are now'),
        posts: z.number().int().describe('Published in the period; comments apart'),
        comments: z.number().int(),
        scored: z.number().int().describe('Posts whose mood is known'),
        activeDays: z.number().int().describe('Days of the zone with a post'),
      })
      .optional(),
    engagement: engagementOf.optional(),
    sentiment: z
      .object({
        total: SentimentShares.shape.total,
        series: SentimentShares.shape.series,
        mostPositive: Extremes.shape.posts,
        mostNegative: Extremes.shape.posts,
      })
      .optional(),
    coverage: CoverageSummary.optional(),
    topContent: TopView.shape.items.optional(),
    postingFrequency: Trends.shape.frequency.optional(),
    growth: z
      .object({
        engagement: Trends.shape.growth,
        series: Trends.shape.points.describe('Engagement by day of publication'),
        audience: z.array(AudienceView).describe('The 20 largest sources'),
      })
      .optional(),
  })
  .meta({ id: 'PlatformReport' })
export type PlatformReport = z.input<typeof PlatformReport>

export const ReportView = z
  .object({
    version: z.literal(1),
    generatedAt: z.iso.datetime(),
    request: z.object({
      platforms: z.array(Platform),
      sections: z.array(Section),
      source: Id.nullable(),
      zone: z.string(),
    }),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    coverage: CoverageSummary.describe('Of all sources that were asked about'),
    definitions: z.array(DefinitionView).describe('Of every figure in the report'),
    platforms: z
      .array(PlatformReport)
      .describe('Platforms are told apart: what they call by one name is not one thing'),
  })
  .meta({ id: 'Report' })
export type ReportView = z.input<typeof ReportView>
