import type { EntityManager } from '@mikro-orm/postgresql'
import { ConfigError } from '../config/config.ts'
import { firstRow, rows, sql } from '../database/sql.ts'
import type { Keyring } from './keyring.ts'

export type KeyUse = { keyId: string; profiles: number; secondFactors: number }

/**
 * Refuses a start with a master key that is missing or wrong, in a sentence that names it, before
 * anything is written with it. Safe to run in many processes at once.
 */
export async function checkMasterKeys(em: EntityManager, keyring: Keyring): Promise<void> {
  const used = await keysInUse(em)
  // One that another process added a moment ago may be in the file by now.
  if (used.some(({ keyId }) => !keyring.ids.includes(keyId))) keyring.reread()
  for (const use of used) {
    if (!keyring.ids.includes(use.keyId)) throw new ConfigError(missingKey(use))
  }
  await checkProofs(em, keyring)
  await keepProof(em, keyring, keyring.currentId)
  // Another process may have been first, with other bytes under the same id.
  await checkProofs(em, keyring)
  await useChosenKey(em, keyring)
}

/**
 * Lets the database know a key again. The very first one is chosen with that; every later one waits
 * for `keys rotate`, so that processes which do not have it yet go on reading all that is written.
 */
export const keepProof = (em: EntityManager, keyring: Keyring, keyId: string) =>
  rows(
    em,
    sql`insert into master_keys (key_id, proof, created_at, chosen_at)
        values (${keyId}, ${keyring.proof(keyId)}, now(),
          case when exists (select from master_keys where chosen_at is not null)
            then null else now() end)
        on conflict (key_id) do nothing`,
  )

/** The key that seals what is new, in every process; null before the first start. */
export const findChosenKey = (em: EntityManager) =>
  firstRow(
    em,
    sql<{ keyId: string; proof: Buffer }>`select key_id as "keyId", proof from master_keys
      where chosen_at is not null order by chosen_at desc, key_id limit 1`,
  )

/** Seals with the chosen key from now on, where it is here. Gives whether it is. */
export async function useChosenKey(em: EntityManager, keyring: Keyring): Promise<boolean> {
  const chosen = await findChosenKey(em)
  if (!chosen) return true
  if (!keyring.ids.includes(chosen.keyId)) keyring.reread()
  const isHere = keyring.ids.includes(chosen.keyId)
  return isHere && keyring.proves(chosen.keyId, Buffer.from(chosen.proof))
    ? keyring.use(chosen.keyId)
    : false
}

/** How many secrets each master key seals, over all workspaces. */
export async function keysInUse(em: EntityManager): Promise<KeyUse[]> {
  const used = await rows(
    em,
    sql<{ key_id: string; profiles: string; factors: string }>`
      select key_id, sum(profiles) as profiles, sum(factors) as factors from (
        select key_id, profiles, 0 as factors from credential_key_ids() where key_id is not null
        union all
        select key_id, 0, count(*) from second_factors group by key_id) used
      group by key_id order by key_id`,
  )
  return used.map(({ key_id, profiles, factors }) => ({
    keyId: key_id,
    profiles: Number(profiles),
    secondFactors: Number(factors),
  }))
}

async function checkProofs(em: EntityManager, keyring: Keyring): Promise<void> {
  const proofs = await rows(
    em,
    sql<{ key_id: string; proof: Buffer }>`select key_id, proof from master_keys`,
  )
  for (const { key_id: keyId, proof } of proofs) {
    if (!keyring.ids.includes(keyId) || keyring.proves(keyId, Buffer.from(proof))) continue
    throw new ConfigError(
      `The key '${keyId}' in ENCRYPTION_KEYS is not the one that this database knows by that id. ` +
        'Put the right key back, or give the new one an id of its own in front of it.',
    )
  }
}

const count = (number: number, one: string, more: string) =>
  `${number} ${number === 1 ? one : more}`

/** '3 credential profiles and 1 second factor' */
export function sealedBy({ profiles, secondFactors }: Omit<KeyUse, 'keyId'>): string {
  const parts = [
    profiles > 0 || secondFactors === 0
      ? count(profiles, 'credential profile', 'credential profiles')
      : '',
    secondFactors > 0 ? count(secondFactors, 'second factor', 'second factors') : '',
  ]
  return parts.filter((part) => part !== '').join(' and ')
}

const missingKey = (use: KeyUse) =>
  `ENCRYPTION_KEYS lacks the master key '${use.keyId}', which seals ${sealedBy(use)}. Put it back ` +
  '(a new key goes in front of the old ones, it does not replace them): without it nobody can read ' +
  'what it seals.'
