import type { ProfileOwner, SealedField } from '../sealed-secret.ts'

/** What a row keeps of its secret: sealed in itself, or where it lies. */
export type KeptSecret = {
  secretStore: StoreName
  /** null: sealed in the row. */
  secretRef: string | null
  keyId: string | null
  wrappedKey: Uint8Array | null
  sealedFields: Record<string, SealedField>
}
export type StoreName = 'database' | 'aws'
export type Fields = Record<string, string>

/**
 * Where credentials lie. All of it fails with SealError when a secret is not the owner's or was
 * changed, and with AppError `unavailable`, in words without any secret, when a store does not answer.
 */
export type SecretStore = {
  name: StoreName
  /** Under what name the store would keep it; null: in the row itself. */
  refOf: (owner: ProfileOwner) => string | null
  /** Run twice it keeps once. */
  keep: (owner: ProfileOwner, fields: Fields) => Promise<KeptSecret>
  open: (owner: ProfileOwner, kept: KeptSecret) => Promise<Fields>
  /** What was kept before can still be opened with the row as it was: a rollback undoes it. */
  replace: (owner: ProfileOwner, kept: KeptSecret, fields: Fields) => Promise<KeptSecret>
  /** For good. What is not there any more is removed. */
  remove: (ref: string) => Promise<void>
}

export type SecretStores = {
  /** Where new secrets go. */
  current: SecretStore
  byName: (name: StoreName) => SecretStore
  close: () => void
}
