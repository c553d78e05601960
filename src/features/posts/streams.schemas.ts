import { z } from 'zod'
import { Instant } from '../../core/instant.ts'
import { pageLimit } from '../../core/paging.ts'
import { Id } from '../../http/id.ts'

export const StreamFilter = z.strictObject({
  source: Id.optional().describe('Id of a Twitch source'),
  from: Instant.optional().describe('Sessions that started at or after this time'),
  to: Instant.optional().describe('Sessions that started before this time'),
  live: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .describe('Only those that run now, or only those that have ended'),
  limit: pageLimit(50, 200),
  cursor: z.string().max(500).optional().describe('nextCursor of the page before'),
})
export type StreamFilter = z.infer<typeof StreamFilter>

export const StreamSessionView = z
  .object({
    source: z.object({ id: Id, handle: z.string(), title: z.string().nullable() }),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable().describe('Null while the session runs'),
    durationMinutes: z
      .number()
      .describe('From start to end, gaps inside included; while it runs, to the newest sample'),
    peakViewers: z.number().int().nullable().describe('The greatest sample; null without samples'),
    averageViewers: z
      .number()
      .nullable()
      .describe('Time-weighted over the samples by the trapezoid rule; null without samples'),
    samples: z.number().int().describe('How many samples the two figures stand on'),
    title: z.string().nullable().describe('The newest'),
    category: z.string().nullable().describe('The newest game or category'),
    changes: z
      .array(
        z.object({
          at: z.iso.datetime(),
          title: z.string().nullable(),
          category: z.string().nullable(),
        }),
      )
      .describe('Title and game as they were first seen and each time they were seen to change'),
    streamIds: z.array(z.string()).describe("Twitch's ids of the streams in it, oldest first"),
    postIds: z.array(Id).describe('The same streams as posts'),
  })
  .meta({ id: 'StreamSession' })
export type StreamSessionView = z.infer<typeof StreamSessionView>

export const StreamSessionPage = z
  .object({
    items: z.array(StreamSessionView),
    nextCursor: z.string().nullable().describe('Null: this was the last page'),
  })
  .meta({ id: 'StreamSessionPage' })
