import { defineEntity, type InferEntity, p } from '@mikro-orm/core'

/** What every token names: when it has ended, each of its tokens is refused at once. */
export const SessionEntity = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  properties: {
    id: p.bigint('string').primary().autoincrement(),
    userId: p.bigint('string'),
    /** The workspace this session works in. */
    workspaceId: p.bigint('string'),
    /** Hash of the half of the refresh token that stays. */
    refreshFamily: p.text().unique().hidden(),
    /** Hash of the half that changes at each use. */
    refreshHash: p.text().hidden(),
    /** The one before it, let in for a moment after the change. */
    previousHash: p.text().nullable().hidden(),
    rotatedAt: p.datetime().nullable(),
    userAgent: p.text().nullable(),
    ip: p.text().nullable(),
    createdAt: p.datetime(),
    lastSeenAt: p.datetime(),
    expiresAt: p.datetime(),
    endedAt: p.datetime().nullable(),
    endedReason: p.text().nullable(),
  },
})
export type Session = InferEntity<typeof SessionEntity>
