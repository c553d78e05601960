import { z } from 'zod'
import { pageLimit } from '../../core/paging.ts'
import { Id, IdParams } from '../../http/id.ts'
import { platformIds } from '../../platforms/index.ts'

const IntervalMinutes = z.number().int().positive().max(10_080)

export const CreateJob = z
  .strictObject({
    sourceId: Id,
    profileId: Id.optional().describe("Must be the source's own profile when given"),
    intervalMinutes: IntervalMinutes.optional().describe("The platform's default when left out"),
  })
  .meta({ id: 'CreateJob' })
export type CreateJob = z.infer<typeof CreateJob>

export const ChangeJob = z
  .strictObject({ intervalMinutes: IntervalMinutes })
  .meta({ id: 'ChangeJob' })

export const JobView = z
  .object({
    id: Id,
    sourceId: Id,
    profileId: Id,
    platform: z.enum(platformIds),
    handle: z.string(),
    intervalMinutes: z.number().int(),
    isActive: z.boolean(),
    nextRunAt: z.iso.datetime(),
    lastSuccessAt: z.iso.datetime().nullable(),
    failures: z.number().int().describe('Failed runs in a row'),
    lastStatus: z.enum(['success', 'failed', 'rate_limited', 'skipped']).nullable(),
    lastError: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'MonitoringJob' })
export type JobView = z.infer<typeof JobView>

export const JobFilter = z.object({
  platform: z.enum(platformIds).optional(),
  profileId: Id.optional(),
  sourceId: Id.optional(),
  active: z.enum(['true', 'false']).optional(),
  limit: pageLimit(50, 200),
  cursor: z.string().max(500).optional(),
})
export type JobFilter = z.infer<typeof JobFilter>

export const JobPage = z.object({ items: z.array(JobView), nextCursor: z.string().nullable() })
export const JobParams = IdParams

const ExecutionView = z
  .object({
    id: Id,
    scheduledFor: z.iso.datetime(),
    startedAt: z.iso.datetime(),
    completedAt: z.iso.datetime().nullable(),
    status: z.enum(['success', 'failed', 'rate_limited', 'skipped']),
    recordsCollected: z.number().int(),
    errorKind: z.string().nullable(),
    errorMessage: z.string().nullable(),
  })
  .meta({ id: 'JobExecution' })

export const HistoryQuery = z.object({
  limit: pageLimit(50, 200),
  cursor: z.string().max(500).optional(),
})
export const ExecutionPage = z.object({
  items: z.array(ExecutionView),
  nextCursor: z.string().nullable(),
})
