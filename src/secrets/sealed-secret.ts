import { randomBytes } from 'node:crypto'
import { keyBytes, open, placeOf, seal } from './aes-gcm.ts'
import type { Keyring, WrappedKey } from './keyring.ts'

/** Base64 of what AES-256-GCM made of one field. */
export type SealedField = { nonce: string; tag: string; ciphertext: string }

export type SealedSecret = WrappedKey & { sealedFields: Record<string, SealedField> }

/** Where a secret belongs: sealed values open in this place, and each under its own name, only. */
export type SecretPlace = { dataKey: string; field: (name: string) => string }

export type ProfileOwner = { workspaceId: string; profileId: string }

/** The credentials of one profile of one workspace. */
export const profilePlace = ({ workspaceId, profileId }: ProfileOwner): SecretPlace => ({
  dataKey: placeOf('profile', workspaceId, profileId),
  field: (name) => placeOf('field', workspaceId, profileId, name),
})

/** The seed of one person's one-time codes. */
export const secondFactorPlace = (userId: string): SecretPlace => ({
  dataKey: placeOf('second factor', userId),
  field: (name) => placeOf('second factor field', userId, name),
})

/** Seals fields under a fresh data key, itself wrapped by the master key in use. */
export function sealSecret(
  keyring: Keyring,
  place: SecretPlace,
  fields: Record<string, string>,
): SealedSecret {
  const dataKey = randomBytes(keyBytes)
  const sealed = Object.entries(fields).map(([name, text]) => {
    const { nonce, tag, ciphertext } = seal(dataKey, Buffer.from(text), place.field(name))
    const field: SealedField = {
      nonce: nonce.toString('base64'),
      tag: tag.toString('base64'),
      ciphertext: ciphertext.toString('base64'),
    }
    return [name, field] as const
  })
  const wrapped = keyring.wrap(dataKey, place.dataKey)
  dataKey.fill(0)
  return { ...wrapped, sealedFields: Object.fromEntries(sealed) }
}

/** Opens every field. Throws SealError when anything was moved, changed or sealed by another key. */
export function openSecret(
  keyring: Keyring,
  place: SecretPlace,
  secret: SealedSecret,
): Record<string, string> {
  const dataKey = keyring.unwrap(secret, place.dataKey)
  try {
    const opened = Object.entries(secret.sealedFields).map(([name, field]) => {
      const sealed = {
        nonce: Buffer.from(field.nonce, 'base64'),
        tag: Buffer.from(field.tag, 'base64'),
        ciphertext: Buffer.from(field.ciphertext, 'base64'),
      }
      return [name, open(dataKey, sealed, place.field(name)).toString('utf8')] as const
    })
    return Object.fromEntries(opened)
  } finally {
    dataKey.fill(0)
  }
}

/** The same data key under another master key: the sealed fields stay as they are. */
export function rewrap(
  keyring: Keyring,
  place: SecretPlace,
  wrapped: WrappedKey,
  keyId: string,
): WrappedKey {
  const dataKey = keyring.unwrap(wrapped, place.dataKey)
  try {
    return keyring.wrap(dataKey, place.dataKey, keyId)
  } finally {
    dataKey.fill(0)
  }
}
