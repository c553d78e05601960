import { createHash, randomBytes } from 'node:crypto'

/**
 * '<family>.<secret>': the family stays for the session's life and finds it, the secret changes at
 * each use. Whoever shows a known family with an old secret shows a token that was used before.
 */
export type RefreshToken = { family: string; secret: string }

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url')

export const newFamily = () => randomBytes(16).toString('base64url')
export const newSecret = () => randomBytes(32).toString('base64url')

export const writeRefreshToken = ({ family, secret }: RefreshToken) => `${family}.${secret}`

export function readRefreshToken(text: string): RefreshToken | null {
  const [, family, secret] = /^([\w-]{22})\.([\w-]{43})$/.exec(text) ?? []
  return family && secret ? { family, secret } : null
}

/** What is stored: neither half can be used by who reads the database. */
export const hashesOf = ({ family, secret }: RefreshToken) => ({
  familyHash: sha256(family),
  secretHash: sha256(secret),
})
