import type { Keyring } from '../keyring.ts'
import { openSecret, profilePlace, sealSecret } from '../sealed-secret.ts'
import type { KeptSecret, SecretStore } from './secret-store.ts'

/** Sealed in the row, under the master keys. */
export function databaseStore(keyring: Keyring): SecretStore {
  const keep: SecretStore['keep'] = async (owner, fields) => ({
    secretStore: 'database',
    secretRef: null,
    ...sealSecret(keyring, profilePlace(owner), fields),
  })
  return {
    name: 'database',
    refOf: () => null,
    keep,
    open: async (owner, kept) => openSecret(keyring, profilePlace(owner), sealedOf(kept)),
    replace: (owner, _kept, fields) => keep(owner, fields),
    remove: async () => {},
  }
}

/** The driver may hand bytes out as a plain Uint8Array. */
function sealedOf({ keyId, wrappedKey, sealedFields }: KeptSecret) {
  if (keyId === null || wrappedKey === null) throw new Error('This secret is not sealed here.')
  return { keyId, wrappedKey: Buffer.from(wrappedKey), sealedFields }
}
