import { createHash } from 'node:crypto'

/** MD5 finds a cached score; length and SHA-256 say whether it is this very text's. */
export type TextIdentity = { md5: string; length: number; sha256: string }

export const identifyText = (text: string): TextIdentity => ({
  md5: createHash('md5').update(text).digest('hex'),
  length: text.length,
  sha256: createHash('sha256').update(text).digest('hex'),
})
