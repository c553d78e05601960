import { z } from 'zod'
import type { Json } from '../core/json.ts'
import type { CallSite } from './call-site.ts'
import { PlatformError } from './platform-error.ts'

const issuesShown = 3
const pathLength = 120

/**
 * Checks a platform's answer. A mismatch becomes an incident that names the call, the place and what
 * was expected there, but never the content: answers hold people's texts, and tokens.
 */
export function parse<Schema extends z.ZodType>(
  site: CallSite,
  schema: Schema,
  body: unknown,
): z.infer<Schema> {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const places = result.error.issues.slice(0, issuesShown).map(placeOf)
  const more = result.error.issues.length - places.length
  throw changedShape(site, places.join('; ') + (more > 0 ? `; and ${more} more` : ''))
}

export const changedShape = ({ platform, name, what }: CallSite, where: string) =>
  new PlatformError(platform, 'changed_shape', `${name}'s answer to ${what} has changed: ${where}`)

function placeOf(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.').slice(0, pathLength) || 'the whole answer'
  return issue.code === 'invalid_type'
    ? `${path} (expected ${issue.expected})`
    : `${path} (${issue.code})`
}

/** A kind of answer that an adapter reads; the recorded ones of the platform are run through it. */
export type AnswerShape = {
  name: string
  /** Matches the path of the requests that get this answer. */
  path: RegExp
  schema: z.ZodType
}

/** An id or a name that rows are found by. No platform has longer ones, and no index takes them. */
export const keyText = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,255}$/u)
/** The same where it may be absent; '' is how some platforms say so. */
export const keyTextOrNone = keyText.or(z.literal('')).nullish()

/** Seconds since 1970 that a date can be made of. */
export const epochSeconds = z.number().min(0).max(253_402_300_799)

/** No platform nests so deep, and neither we nor the database could write what does. */
const deepestKept = 100
const tooDeep = `(nested deeper than ${deepestKept} levels)`

/** The fields of an answer that no field of ours holds, so that unknown ones are kept. */
export function fieldsBeyond(
  record: { [key: string]: unknown },
  mapped: readonly string[],
): { [key: string]: Json } {
  const rest = Object.entries(record).filter(([key]) => !mapped.includes(key))
  const kept = rest.map(([key, value]) => [key, isTooDeep(value) ? tooDeep : value])
  return Object.fromEntries(kept) as { [key: string]: Json }
}

/** Level by level: recursion is what depth attacks. */
function isTooDeep(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  let level = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepestKept) return true
    level = level.flatMap((one) =>
      typeof one === 'object' && one !== null ? Object.values(one) : [],
    )
  }
  return false
}
