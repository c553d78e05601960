import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../database/sql.ts'
import type { StoreName } from '../../secrets/stores/secret-store.ts'

export type OutsideSecret = { store: StoreName; ref: string }

/** Whoever puts something outside has written its row within this time, or never will. */
const settleWithinS = 3_600
const retryAfterS = 300

/** Before it is put there: whatever happens next, it is found again. */
export const announceSecret = (em: EntityManager, { store, ref }: OutsideSecret) =>
  rows(
    em,
    sql`insert into secrets_to_remove (store, ref, due_at)
      values (${store}, ${ref}, now() + make_interval(secs => ${settleWithinS}))
      on conflict (store, ref) do update set due_at = excluded.due_at`,
  )

/** A row needs it now; in the transaction that writes this row. */
export const settleSecret = (em: EntityManager, { store, ref }: OutsideSecret) =>
  rows(em, sql`delete from secrets_to_remove where store = ${store} and ref = ${ref}`)

/** One that is due, locked until the caller's transaction ends; null: none is left. */
export const takeDueSecret = (em: EntityManager, only: OutsideSecret | null) =>
  firstRow(
    em,
    sql<
      OutsideSecret & { needed: boolean }
    >`select store, ref, secret_is_needed(store, ref) as needed
      from secrets_to_remove
      where due_at <= now() and (${only?.ref ?? null}::text is null
        or (store = ${only?.store ?? null} and ref = ${only?.ref ?? null}))
      order by due_at limit 1 for update skip locked`,
  )

export const postponeSecret = (em: EntityManager, { store, ref }: OutsideSecret) =>
  rows(
    em,
    sql`update secrets_to_remove set due_at = now() + make_interval(secs => ${retryAfterS})
      where store = ${store} and ref = ${ref}`,
  )
