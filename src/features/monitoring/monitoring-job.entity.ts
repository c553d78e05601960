import { defineEntity, type InferEntity, p } from '@mikro-orm/core'
import type { Json } from '../../core/json.ts'

export const MonitoringJobEntity = defineEntity({
  name: 'MonitoringJob',
  tableName: 'monitoring_jobs',
  properties: {
    id: p.bigint('string').primary().autoincrement(),
    workspaceId: p.bigint('string'),
    sourceId: p.bigint('string').unique(),
    /** Always the source's own profile. */
    profileId: p.bigint('string'),
    intervalMinutes: p.integer(),
    isActive: p.boolean().default(true),
    /** The schedule itself: everything in a queue is only a hint of it. */
    nextRunAt: p.datetime(),
    cursor: p.json<Json>().nullable(),
    /** Failed runs in a row. */
    failures: p.integer().default(0),
    lastSuccessAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
})
export type MonitoringJob = InferEntity<typeof MonitoringJobEntity>
