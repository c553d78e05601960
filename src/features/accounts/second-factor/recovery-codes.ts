import { createHash, randomInt } from 'node:crypto'

const letters = 'abcdefghijklmnopqrstuvwxyz234567'
const howMany = 10
/** 5 bits a letter: 80 bits, which no fast hash gives away. */
const length = 16

const newCode = () => {
  const code = Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
  return code.replace(/(.{4})(?=.)/g, '$1-')
}

/** Each good for one sign-in without the authenticator app. */
export const newRecoveryCodes = (): string[] => Array.from({ length: howMany }, newCode)

export type TypedCode = { kind: 'code'; code: string } | { kind: 'recovery'; hash: string }

/** As people type it: with spaces, hyphens, capitals. null: it can be neither kind. */
export function readCode(text: string): TypedCode | null {
  const bare = text.replace(/[\s-]/g, '').toLowerCase()
  if (/^\d{6}$/.test(bare)) return { kind: 'code', code: bare }
  return /^[a-z2-7]{16}$/.test(bare) ? { kind: 'recovery', hash: hashOf(bare) } : null
}

const hashOf = (bare: string) => createHash('sha256').update(bare).digest('base64url')

export const recoveryHash = (code: string) => hashOf(code.replaceAll('-', ''))
