import { z } from 'zod'
import { AppError } from './errors.ts'

export const pageLimit = (fallback: number, most: number) =>
  z.coerce.number().int().min(1).max(most).default(fallback)

/** A cursor is opaque to callers: base64url of the JSON of the last row's sort key. */
export const encodeCursor = (key: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url')

/** Reads a cursor back; a text we did not make is refused in words, never passed on. */
export function decodeCursor<Key>(cursor: string, key: z.ZodType<Key>): Key {
  try {
    return key.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch (cause) {
    const message = 'This cursor was not made by this endpoint. Leave it out to start from the top.'
    throw new AppError('invalid_input', message, {
      cause,
      fields: [{ in: 'query', pointer: '/cursor', message }],
    })
  }
}
