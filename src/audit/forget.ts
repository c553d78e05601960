import type { EntityManager } from '@mikro-orm/postgresql'
import type { Clock } from '../core/clock.ts'
import type { Origin } from '../core/origin.ts'
import { firstRow, sql } from '../database/sql.ts'
import { recordAudit } from './audit.ts'

type Needs = { em: EntityManager; clock: Clock; origin: Origin }

/**
 * Takes addresses, browsers and typed e-mails of a deleted person out of every chain, and writes
 * `account.deleted`, which says from how many rows: a verification compares. Call it last in the
 * transaction that deletes the account.
 */
export async function recordDeletion(
  { em, clock, origin }: Needs,
  { userId, email }: { userId: string; email: string },
): Promise<void> {
  const forgotten = await firstRow(
    em,
    sql<{ count: string }>`
      select forget_in_audit(${userId}::bigint, ${email}) as count`,
  )
  await recordAudit(
    { em, clock, origin: { ...origin, ip: null, userAgent: null } },
    {
      action: 'account.deleted',
      workspaceId: null,
      object: { kind: 'user', id: userId },
      details: { forgotten: Number(forgotten?.count ?? 0) },
    },
  )
}
