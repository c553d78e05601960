import type { EntityManager } from '@mikro-orm/postgresql'
import type { Json } from '../core/json.ts'
import { rows, sql } from '../database/sql.ts'

export type LiveEvent = { topic: string; payload: { [key: string]: Json } }

/** Writes an event in the caller's transaction: it is told if, and only if, the change is kept. */
export const addToOutbox = (em: EntityManager, workspaceId: string, event: LiveEvent, now: Date) =>
  rows(
    em,
    sql`insert into outbox (workspace_id, topic, payload, created_at)
      values (${workspaceId}::bigint, ${event.topic}, ${JSON.stringify(event.payload)}::jsonb,
        ${now}::timestamptz)`,
  )
