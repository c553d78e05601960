import { createHash, randomBytes } from 'node:crypto'

/** Known by its beginning: to us, and to whoever looks through a repository for leaked secrets. */
const prefix = 'esk_'
const form = /^esk_[\w-]{43}$/

export const newApiToken = () => prefix + randomBytes(32).toString('base64url')
export const isApiToken = (text: string) => text.startsWith(prefix)

/** What is stored. null: not one of ours. 256 random bits need no slow hash. */
export const apiTokenHash = (text: string): string | null =>
  form.test(text) ? createHash('sha256').update(text).digest('base64url') : null

/** What may be shown again. */
export const apiTokenHint = (text: string) => text.slice(-4)
