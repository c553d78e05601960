import type { z } from 'zod'
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

/** The fields of an answer that no field of ours holds, so that unknown ones are kept. */
export function fieldsBeyond(
  record: { [key: string]: unknown },
  mapped: readonly string[],
): { [key: string]: Json } {
  const rest = Object.entries(record).filter(([key]) => !mapped.includes(key))
  return Object.fromEntries(rest) as { [key: string]: Json }
}
