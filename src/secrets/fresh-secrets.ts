import { randomBytes } from 'node:crypto'
import { keyBytes } from './aes-gcm.ts'

const jwtSecretBytes = 48

export const freshJwtSecret = (): string => randomBytes(jwtSecretBytes).toString('base64url')

/** `id:base64`, an id that no other key has: the day, for people, and a random end. */
export function freshMasterKey(now: Date): string {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '')
  const key = randomBytes(keyBytes).toString('base64')
  return `k${day}-${randomBytes(3).toString('hex')}:${key}`
}
