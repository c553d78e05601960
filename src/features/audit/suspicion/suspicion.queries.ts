import type { EntityManager } from '@mikro-orm/postgresql'
import type { Json } from '../../../core/json.ts'
import { firstRow, rows, sql } from '../../../database/sql.ts'
import { type Signal, watchedActions } from './suspicion.rules.ts'

/** More rows than that in a quarter of an hour: the newest are enough to see that something is on. */
const most = 20_000

type SignalRow = {
  at: Date
  action: Signal['action']
  actor_kind: string
  actor_id: string | null
  object_kind: string | null
  object_id: string | null
  ip: string | null
  email: string | null
}

const accountOf = ({ object_kind, object_id, actor_id, email }: SignalRow) =>
  (object_kind === 'user' ? object_id : null) ?? actor_id ?? email

export async function findSignals(em: EntityManager, from: Date, to: Date): Promise<Signal[]> {
  const found = await rows(
    em,
    sql<SignalRow>`select at, action, actor_kind, actor_id::text, object_kind, object_id,
        personal ->> 'ip' as ip, personal ->> 'email' as email
      from audit_page(null, null, ${most}::int, ${watchedActions}::text[], null, null, null,
        ${from}::timestamptz, ${to}::timestamptz)`,
  )
  return found.map((row) => ({
    atMs: row.at.getTime(),
    action: row.action,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    account: accountOf(row),
    ip: row.ip,
  }))
}

export type ToldPattern = {
  at: Date
  user_id: string | null
  ip: string | null
  details: { [key: string]: Json }
}

/** Patterns that were written down after `from`, up to `to`, by whomever. */
export const findToldPatterns = (em: EntityManager, from: Date, to: Date) =>
  rows(
    em,
    sql<ToldPattern>`select at, case when object_kind = 'user' then object_id end as user_id,
        personal ->> 'ip' as ip, details
      from audit_page(null, null, 1000, array['suspicious.pattern'], null, null, null,
        ${from}::timestamptz, ${to}::timestamptz)
      where at > ${from}::timestamptz`,
  )

const watch = 'suspicion'

/** Up to when the log was looked through. Whoever asks at the same time waits: one looks at once. */
export async function holdWatch(em: EntityManager, first: Date): Promise<Date> {
  await rows(
    em,
    sql`insert into audit_watch (name, seen_until) values (${watch}, ${first}::timestamptz)
      on conflict do nothing`,
  )
  const held = await firstRow(
    em,
    sql<{ seen_until: Date }>`
      select seen_until from audit_watch where name = ${watch} for update`,
  )
  return held?.seen_until ?? first
}

export const moveWatch = (em: EntityManager, seenUntil: Date) =>
  rows(em, sql`update audit_watch set seen_until = ${seenUntil}::timestamptz where name = ${watch}`)

export const findAdmins = (em: EntityManager) =>
  rows(
    em,
    sql<{ id: string; email: string; display_name: string | null }>`
      select id::text, email, display_name from users where role = 'admin' and is_active
        and is_verified order by id`,
  )
