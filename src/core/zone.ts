import { z } from 'zod'

const knows = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** An IANA name; offsets like +02:00 know no summer time and are refused. */
export const Zone = z
  .string()
  .max(64)
  .refine(
    (zone) => /^[A-Za-z]/.test(zone) && knows(zone),
    'is not an IANA time zone, like Europe/Berlin',
  )
  .meta({ example: 'Europe/Berlin' })
