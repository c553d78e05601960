import type { z } from 'zod'

const kinds: Record<string, string> = {
  string: 'must be text',
  number: 'must be a number',
  int: 'must be a whole number',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be an object',
}

const units: Record<string, string> = { string: 'characters', array: 'entries', set: 'entries' }

function bound(origin: string, word: 'at least' | 'at most', limit: number | bigint): string {
  const unit = units[origin]
  if (!unit) return `must be ${word} ${limit}`
  if (word === 'at least' && limit === 1) return 'must not be empty'
  return `must have ${word} ${limit} ${unit}`
}

/** The library's own messages in the words of ours, where a schema does not bring its own. */
export function plainIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : kinds[issue.expected]
    case 'too_small':
      return bound(issue.origin, 'at least', issue.minimum)
    case 'too_big':
      return bound(issue.origin, 'at most', issue.maximum)
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`
    default:
      return undefined
  }
}
