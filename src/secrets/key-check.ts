import type { EntityManager } from '@mikro-orm/postgresql'
import { ConfigError } from '../config/config.ts'
import { rows, sql } from '../database/sql.ts'
import type { Keyring } from './keyring.ts'

export type KeyUse = { keyId: string; profiles: number }

/**
 * Refuses a start with a master key that is missing or wrong, in a sentence that names it, before
 * anything is written with it. Safe to run in many processes at once.
 */
export async function checkMasterKeys(em: EntityManager, keyring: Keyring): Promise<void> {
  for (const { keyId, profiles } of await keysInUse(em)) {
    if (!keyring.ids.includes(keyId)) throw new ConfigError(missingKey(keyId, profiles))
  }
  await checkProofs(em, keyring)
  await rows(
    em,
    sql`insert into master_keys (key_id, proof, created_at)
        values (${keyring.currentId}, ${keyring.proof(keyring.currentId)}, now())
        on conflict (key_id) do nothing`,
  )
  // Another process may have been first, with other bytes under the same id.
  await checkProofs(em, keyring)
}

/** How many credential profiles each master key seals, over all workspaces. */
export async function keysInUse(em: EntityManager): Promise<KeyUse[]> {
  const used = await rows(
    em,
    sql<{ key_id: string; profiles: string }>`select key_id, profiles from credential_key_ids()`,
  )
  return used.map(({ key_id, profiles }) => ({ keyId: key_id, profiles: Number(profiles) }))
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

const missingKey = (keyId: string, profiles: number) =>
  `ENCRYPTION_KEYS lacks the master key '${keyId}', which seals ${
    profiles === 1 ? '1 credential profile' : `${profiles} credential profiles`
  }. Put it back (a new key goes in front of the old ones, it does not replace them): without it ` +
  'nobody can read those credentials.'
