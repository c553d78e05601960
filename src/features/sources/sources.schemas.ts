import { z } from 'zod'
import { pageLimit } from '../../core/paging.ts'
import { Zone } from '../../core/zone.ts'
import { Id, IdParams } from '../../http/id.ts'
import { platformIds } from '../../platforms/index.ts'

export const AddSources = z
  .strictObject({
    profileId: Id,
    handles: z
      .array(z.string().trim().min(1).max(300))
      .min(1)
      .max(500)
      .describe('Names, @names, URLs or ids, as a person pastes them'),
    watch: z
      .strictObject({
        intervalMinutes: z.number().int().positive().max(10_080).optional(),
        comments: z
          .boolean()
          .optional()
          .describe('Also collect the comments under the posts of each source that is created'),
      })
      .optional()
      .describe('Also start a monitoring job for each source that is created'),
  })
  .meta({ id: 'AddSources' })
export type AddSources = z.infer<typeof AddSources>

export const SourceView = z
  .object({
    id: Id,
    profileId: Id,
    platform: z.enum(platformIds),
    handle: z.string(),
    externalId: z.string(),
    title: z.string().nullable(),
    url: z.string(),
    followers: z.number().int().nullable().describe('Null: the platform hides or does not say it'),
    isLive: z.boolean().nullable(),
    statisticsAt: z.iso.datetime().nullable(),
    collectsComments: z
      .boolean()
      .describe(
        'Whether comments are read, 1 h, 6 h, 24 h and 7 d after a post, as the budget allows',
      ),
    audienceZone: z
      .string()
      .nullable()
      .describe('IANA time zone of those who are addressed: posting times are told in it'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Source' })
export type SourceView = z.infer<typeof SourceView>

export const SourceDetail = SourceView.extend({
  details: z
    .record(z.string(), z.unknown())
    .describe("What the platform said of the source itself: a channel's schedule, a country ..."),
}).meta({ id: 'SourceDetail' })

export const ChangeSource = z
  .strictObject({
    collectsComments: z.boolean().optional(),
    audienceZone: Zone.nullable().optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'says nothing to change')
  .meta({ id: 'ChangeSource' })
export type ChangeSource = z.infer<typeof ChangeSource>

export const AddedSource = z.object({
  input: z.string(),
  outcome: z.enum(['created', 'exists', 'not_found', 'invalid']),
  detail: z.string().nullable().describe('Why, in words, when nothing was created'),
  source: SourceView.nullable(),
  jobId: Id.nullable(),
})
export type AddedSource = z.infer<typeof AddedSource>

export const AddedSources = z
  .object({
    results: z.array(AddedSource),
    counts: z.object({
      created: z.number().int(),
      exists: z.number().int(),
      not_found: z.number().int(),
      invalid: z.number().int(),
    }),
  })
  .meta({ id: 'AddedSources' })

export const SourceFilter = z.object({
  platform: z.enum(platformIds).optional(),
  profileId: Id.optional(),
  limit: pageLimit(50, 200),
  cursor: z.string().max(500).optional(),
})
export type SourceFilter = z.infer<typeof SourceFilter>

export const SourcePage = z.object({
  items: z.array(SourceView),
  nextCursor: z.string().nullable(),
})

export const SourceParams = IdParams

const SourceSampleView = z.object({
  sampledAt: z.iso.datetime(),
  followers: z.number().int().nullable(),
  totalViews: z.number().int().nullable(),
  totalPosts: z.number().int().nullable(),
  online: z.number().int().nullable(),
  isLive: z.boolean().nullable(),
})
export const SourceSamples = z.object({ items: z.array(SourceSampleView) })
