import { randomBytes } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Clock } from '../core/clock.ts'
import type { Json } from '../core/json.ts'
import type { Origin } from '../core/origin.ts'
import { rows, sql } from '../database/sql.ts'
import type { AuditAction } from './actions.ts'

export type AuditEvent = {
  action: AuditAction
  /** Whose chain it stands in; null: the system's own. */
  workspaceId: string | null
  /** denied: somebody may not. failure: they may, and it did not work. */
  outcome?: 'success' | 'failure' | 'denied'
  object?: { kind: string; id: string }
  /** Never a secret, never anything personal: this can not be forgotten. */
  details?: { [key: string]: Json }
  /** Who did it, where the origin does not know yet (a login). */
  userId?: string
  /** An address that was typed. Kept where it can be forgotten. */
  email?: string
}

type Needs = { em: EntityManager; clock: Clock; origin: Origin }

/**
 * Appends to the hash chain. In the caller's transaction, where there is one: what is rolled back was
 * not done. Call it last there, because until the commit others of this chain wait.
 */
export async function recordAudit({ em, clock, origin }: Needs, event: AuditEvent): Promise<void> {
  const { object, outcome = 'success' } = event
  const details = { ...(origin.name && { by: origin.name }), ...event.details }
  const personal = {
    ip: origin.ip,
    userAgent: origin.userAgent,
    ...(event.email && { email: event.email }),
  }
  await rows(
    em,
    sql`select append_audit(${event.workspaceId}::bigint, ${clock.now()}::timestamptz,
      ${event.action}::text, ${outcome}::text, ${origin.kind}::text,
      ${event.userId ?? origin.userId}::bigint, ${object?.kind ?? null}::text,
      ${object?.id ?? null}::text, ${origin.requestId}::text, ${JSON.stringify(details)}::jsonb,
      ${JSON.stringify(personal)}::jsonb, ${randomBytes(16)}::bytea)`,
  )
}
