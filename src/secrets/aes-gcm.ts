import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

export const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

export type Sealed = { nonce: Buffer; tag: Buffer; ciphertext: Buffer }

/** What was sealed does not open: another key, another place, or changed bytes. Holds no secret. */
export class SealError extends Error {
  override readonly name = 'SealError'
}

/** AES-256-GCM. `place` is authenticated with the text: sealed bytes open nowhere else. */
export function seal(key: Buffer, text: Buffer, place: string): Sealed {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.from(place))
  const ciphertext = Buffer.concat([cipher.update(text), cipher.final()])
  return { nonce, tag: cipher.getAuthTag(), ciphertext }
}

export function open(key: Buffer, sealed: Sealed, place: string): Buffer {
  try {
    const options = { authTagLength: tagBytes }
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.nonce, options)
    decipher.setAAD(Buffer.from(place))
    decipher.setAuthTag(sealed.tag)
    return Buffer.concat([decipher.update(sealed.ciphertext), decipher.final()])
  } catch {
    throw new SealError('A sealed value does not open with this key in this place.')
  }
}

/** One column's worth: nonce, tag and ciphertext in a row. */
export const pack = ({ nonce, tag, ciphertext }: Sealed): Buffer =>
  Buffer.concat([nonce, tag, ciphertext])

export const unpack = (bytes: Buffer): Sealed => ({
  nonce: bytes.subarray(0, nonceBytes),
  tag: bytes.subarray(nonceBytes, nonceBytes + tagBytes),
  ciphertext: bytes.subarray(nonceBytes + tagBytes),
})

/** The place as one text that no other list of parts can make: JSON keeps the parts apart. */
export const placeOf = (...parts: string[]): string => JSON.stringify(['earshot', ...parts])
