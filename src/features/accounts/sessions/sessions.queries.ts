import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { decodeCursor, encodeCursor } from '../../../core/paging.ts'
import { firstRow, rows, sql } from '../../../database/sql.ts'
import { deviceOf } from './device.ts'

type SessionRow = {
  id: string
  user_agent: string | null
  ip: string | null
  created_at: Date
  last_seen_at: Date
  expires_at: Date
}

const Cursor = z.tuple([z.string().regex(/^[1-9]\d{0,17}$/)])

type Page = { userId: string; now: Date; limit: number; cursor?: string | undefined }

/** A person's sessions that still run, the newest first. */
export async function findSessions(
  em: EntityManager,
  currentId: string | null,
  { userId, now, limit, cursor }: Page,
) {
  const [before] = cursor ? decodeCursor(cursor, Cursor) : [null]
  const found = await rows(
    em,
    sql<SessionRow>`
      select id, user_agent, ip, created_at, last_seen_at, expires_at from sessions
      where user_id = ${userId} and ended_at is null and expires_at > ${now}
        and (${before}::bigint is null or id < ${before}::bigint)
      order by id desc limit ${limit + 1}`,
  )
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return {
    items: items.map((row) => ({
      id: row.id,
      device: deviceOf(row.user_agent),
      ip: row.ip,
      createdAt: row.created_at.toISOString(),
      lastSeenAt: row.last_seen_at.toISOString(),
      expiresAt: row.expires_at.toISOString(),
      current: row.id === currentId,
    })),
    nextCursor: found.length > limit && last ? encodeCursor([last.id]) : null,
  }
}

export const findSession = (em: EntityManager, id: string) =>
  firstRow(
    em,
    sql<Pick<SessionRow, 'id' | 'created_at' | 'expires_at'>>`
      select id, created_at, expires_at from sessions where id = ${id}`,
  )
