import { z } from 'zod'

const inRange = (moment: Date) => {
  const year = moment.getUTCFullYear()
  return year >= 1970 && year <= 9999
}

/**
 * A moment as callers write it: ISO 8601 with a zone, or a date, which is its midnight in UTC.
 * Becomes ISO 8601 in UTC, which PostgreSQL reads whatever the caller's zone was.
 */
export const Instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .transform((text) => new Date(text))
  .refine(inRange, 'must be a time between 1970 and 9999')
  .transform((moment) => moment.toISOString())

/** A time as a cursor carries it: microseconds, as PostgreSQL keeps them. */
export const CursorTime = z.iso
  .datetime({ precision: 6 })
  .refine((text) => !text.startsWith('0000'), 'is not a time of ours')
