import type { z } from 'zod'
import { AppError, type FieldProblem } from '../../core/errors.ts'
import type { Platform } from '../../platforms/platform.ts'
import type { FieldHint } from './credential-profile.entity.ts'

/** An empty field says nothing: it neither satisfies a platform nor overwrites what is stored. */
export const filled = (credentials: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(credentials).filter(([, value]) => value !== ''))

/** Asks the platform's own schema; names each field that is missing, wrong or not known. */
export function checkCredentials(platform: Platform, credentials: Record<string, string>): void {
  const parsed = platform.credentials.safeParse(credentials)
  if (parsed.success) return
  const fields = parsed.error.issues.flatMap((issue) => problemsOf(platform, credentials, issue))
  const names = fields.map(({ pointer, message }) => `${pointer.split('/').at(-1)} ${message}`)
  throw new AppError(
    'invalid_input',
    `These credentials are not complete for ${platform.name}: ${names.join('; ')}`,
    { fields },
  )
}

function problemsOf(
  platform: Platform,
  credentials: Record<string, string>,
  issue: z.core.$ZodIssue,
): FieldProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = platform.credentialFields.map(({ name }) => name).join(', ')
    const message = `is no field of ${platform.name}, which has ${known}`
    return issue.keys.map((key) => ({ in: 'body', pointer: pointerOf(key), message }))
  }
  const name = String(issue.path[0] ?? '')
  const missing = name !== '' && !Object.hasOwn(credentials, name)
  const label = platform.credentialFields.find((field) => field.name === name)?.label ?? name
  const message = missing ? `is missing (${label})` : `is not right (${label}): ${issue.message}`
  return [{ in: 'body', pointer: pointerOf(name), message }]
}

const pointerOf = (name: string) =>
  name === '' ? '/credentials' : `/credentials/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`

const shownCharacters = 4
/** Of a shorter secret, 4 characters would be too much. */
const leastLengthToShow = 12

/** What may ever be shown of the fields; kept beside them so that showing opens nothing. */
export function hintsOf(
  platform: Platform,
  credentials: Record<string, string>,
): Record<string, FieldHint> {
  const hints = Object.entries(credentials).map(([name, value]) => {
    const secret = platform.credentialFields.find((field) => field.name === name)?.secret ?? true
    const end = value.length >= leastLengthToShow ? value.slice(-shownCharacters) : ''
    return [name, { secret, shown: secret ? `…${end}` : value }] as const
  })
  return Object.fromEntries(hints)
}

/** Overrides name buckets of this platform, or are refused one by one. */
export function checkLimits(platform: Platform, limits: Record<string, number>): void {
  const known = platform.limits.map(({ bucket }) => bucket)
  const fields = Object.keys(limits)
    .filter((bucket) => !known.includes(bucket))
    .map((bucket): FieldProblem => {
      const pointer = `/limits/${bucket.replaceAll('~', '~0').replaceAll('/', '~1')}`
      return { in: 'body', pointer, message: `must be one of ${known.join(', ')}` }
    })
  if (fields.length === 0) return
  throw new AppError('invalid_input', `${platform.name} has no such limit`, { fields })
}
