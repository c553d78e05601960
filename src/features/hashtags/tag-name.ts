import { z } from 'zod'

/** A tag as it is kept: without '#', in one form of Unicode, lower case. */
const tagName = (text: string): string =>
  text
    .trim()
    .replace(/^[#\uff03]/, '')
    .normalize('NFC')
    .toLowerCase()

/** A tag, or the beginning of one, with or without '#'. */
export const TagName = z
  .string()
  .max(300)
  .transform(tagName)
  .refine((tag) => tag !== '', 'names no hashtag')
