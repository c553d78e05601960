import { randomBytes } from 'node:crypto'
import { keyBytes, open, placeOf, seal } from './aes-gcm.ts'
import type { Keyring, WrappedKey } from './keyring.ts'

/** Base64 of what AES-256-GCM made of one field. */
export type SealedField = { nonce: string; tag: string; ciphertext: string }

export type Envelope = WrappedKey & { sealedFields: Record<string, SealedField> }

/** Whose fields they are: sealed values open for this owner, and each under its own name, only. */
export type EnvelopeOwner = { workspaceId: string; profileId: string }

/** Seals fields under a fresh data key, itself wrapped by the newest master key. */
export function sealFields(
  keyring: Keyring,
  owner: EnvelopeOwner,
  fields: Record<string, string>,
): Envelope {
  const dataKey = randomBytes(keyBytes)
  const sealed = Object.entries(fields).map(([name, text]) => {
    const { nonce, tag, ciphertext } = seal(dataKey, Buffer.from(text), fieldPlace(owner, name))
    const field: SealedField = {
      nonce: nonce.toString('base64'),
      tag: tag.toString('base64'),
      ciphertext: ciphertext.toString('base64'),
    }
    return [name, field] as const
  })
  const envelope = {
    ...keyring.wrap(dataKey, ownerPlace(owner)),
    sealedFields: Object.fromEntries(sealed),
  }
  dataKey.fill(0)
  return envelope
}

/** Opens every field. Throws SealError when anything was moved, changed or sealed by another key. */
export function openFields(
  keyring: Keyring,
  owner: EnvelopeOwner,
  envelope: Envelope,
): Record<string, string> {
  const dataKey = keyring.unwrap(envelope, ownerPlace(owner))
  const opened = Object.entries(envelope.sealedFields).map(([name, field]) => {
    const sealed = {
      nonce: Buffer.from(field.nonce, 'base64'),
      tag: Buffer.from(field.tag, 'base64'),
      ciphertext: Buffer.from(field.ciphertext, 'base64'),
    }
    return [name, open(dataKey, sealed, fieldPlace(owner, name)).toString('utf8')] as const
  })
  dataKey.fill(0)
  return Object.fromEntries(opened)
}

const ownerPlace = ({ workspaceId, profileId }: EnvelopeOwner) =>
  placeOf('profile', workspaceId, profileId)
const fieldPlace = ({ workspaceId, profileId }: EnvelopeOwner, name: string) =>
  placeOf('field', workspaceId, profileId, name)
