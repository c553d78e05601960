import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../../database/sql.ts'
import type { SealedSecret } from '../../../secrets/sealed-secret.ts'
import { recoveryHash } from './recovery-codes.ts'

type Row = {
  key_id: string
  wrapped_key: Uint8Array
  sealed_fields: SealedSecret['sealedFields']
  confirmed_at: Date | null
}

export type SecondFactor = { sealed: SealedSecret; confirmedAt: Date | null }

/** Locked until the caller's transaction ends: two codes at once are judged one after the other. */
export async function lockSecondFactor(
  em: EntityManager,
  userId: string,
): Promise<SecondFactor | null> {
  const row = await firstRow(
    em,
    sql<Row>`
      select key_id, wrapped_key, sealed_fields, confirmed_at from second_factors
      where user_id = ${userId} for update`,
  )
  if (!row) return null
  const sealed = {
    keyId: row.key_id,
    wrappedKey: Buffer.from(row.wrapped_key),
    sealedFields: row.sealed_fields,
  }
  return { sealed, confirmedAt: row.confirmed_at }
}

/** Puts a seed in place of one that was never confirmed. false: a confirmed one is there. */
export const writeSeed = async (
  em: EntityManager,
  { userId, sealed, now }: { userId: string; sealed: SealedSecret; now: Date },
): Promise<boolean> => {
  const fields = JSON.stringify(sealed.sealedFields)
  const written = await firstRow(
    em,
    sql`insert into second_factors
        (user_id, key_id, wrapped_key, sealed_fields, created_at)
      values (${userId}, ${sealed.keyId}, ${sealed.wrappedKey}, ${fields}::jsonb, ${now})
      on conflict (user_id) do update set key_id = excluded.key_id,
        wrapped_key = excluded.wrapped_key, sealed_fields = excluded.sealed_fields,
        created_at = excluded.created_at, last_step = null
      where second_factors.confirmed_at is null
      returning user_id`,
  )
  return written !== null
}

/** Uses a step up, and with it every one before. false: it was used, or a later one was. */
export const useStep = async (em: EntityManager, userId: string, step: number) => {
  const used = await firstRow(
    em,
    sql`update second_factors set last_step = ${step}
      where user_id = ${userId} and (last_step is null or last_step < ${step}) returning user_id`,
  )
  return used !== null
}

export const confirmSeed = (em: EntityManager, userId: string, now: Date) =>
  rows(em, sql`update second_factors set confirmed_at = ${now} where user_id = ${userId}`)

export async function deleteSecondFactor(em: EntityManager, userId: string): Promise<void> {
  await rows(em, sql`delete from second_factors where user_id = ${userId}`)
  await rows(em, sql`delete from recovery_codes where user_id = ${userId}`)
}

/** In place of all that were there. Only their hashes are kept. */
export async function replaceRecoveryCodes(
  em: EntityManager,
  { userId, codes, now }: { userId: string; codes: string[]; now: Date },
): Promise<void> {
  await rows(em, sql`delete from recovery_codes where user_id = ${userId}`)
  await rows(
    em,
    sql`insert into recovery_codes (user_id, code_hash, created_at)
      select ${userId}::bigint, hash, ${now}::timestamptz
      from unnest(${codes.map(recoveryHash)}::text[]) as hash`,
  )
}

/** How many are left after this one; null: it is none that is left. */
export async function useRecoveryCode(
  em: EntityManager,
  { userId, hash, now }: { userId: string; hash: string; now: Date },
): Promise<number | null> {
  const used = await firstRow(
    em,
    sql`update recovery_codes set used_at = ${now}
      where user_id = ${userId} and code_hash = ${hash} and used_at is null returning id`,
  )
  return used && (await countRecoveryCodes(em, userId))
}

export async function countRecoveryCodes(em: EntityManager, userId: string): Promise<number> {
  const row = await firstRow(
    em,
    sql<{ count: number }>`
      select count(*)::integer as count from recovery_codes
      where user_id = ${userId} and used_at is null`,
  )
  return row?.count ?? 0
}

/** null: none, or one that was never confirmed. */
export const findConfirmedAt = async (em: EntityManager, userId: string): Promise<Date | null> => {
  const row = await firstRow(
    em,
    sql<{ confirmed_at: Date | null }>`
      select confirmed_at from second_factors where user_id = ${userId}`,
  )
  return row?.confirmed_at ?? null
}

/** Whether signing in takes a second factor. */
export const hasSecondFactor = async (em: EntityManager, userId: string): Promise<boolean> =>
  (await findConfirmedAt(em, userId)) !== null
