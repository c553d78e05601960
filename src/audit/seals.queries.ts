import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../database/sql.ts'

export type Seal = {
  chain: string
  seq: string
  hash: Buffer
  keyId: string
  mac: Buffer
  /** As text, to the microsecond: it stands under the MAC. */
  at: string
}

const columns = sql`chain::text, seq::text, hash, key_id as "keyId", mac,
  to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`

export const findSeals = (em: EntityManager, chain: string) =>
  rows(
    em,
    sql<Seal>`select ${columns} from audit_seals where chain = ${chain} order by audit_seals.seq`,
  )

/** The last seal of each chain, those of chains that are gone too. */
export const findLastSeals = (em: EntityManager) =>
  rows(
    em,
    sql<Seal>`select distinct on (audit_seals.chain) ${columns} from audit_seals
      order by audit_seals.chain, audit_seals.seq desc, created_at desc`,
  )

/** Sealed twice is sealed once. */
export const insertSeal = (em: EntityManager, { chain, seq, hash, keyId, mac, at }: Seal) =>
  rows(
    em,
    sql`insert into audit_seals (chain, seq, hash, key_id, mac, created_at)
      values (${chain}, ${seq}, ${hash}, ${keyId}, ${mac}, ${at}::timestamptz)
      on conflict do nothing`,
  )
