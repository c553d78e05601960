import type { CallSite } from '../call-site.ts'
import { errorOfStatus, type HttpAnswer } from '../http-answer.ts'
import { PlatformError } from '../platform-error.ts'
import { type Problem, Refusal } from './twitter.shapes.ts'

export const reset = { name: 'x-rate-limit-reset', unit: 'epoch_s' } as const
const dayMs = 86_400_000

export const siteOf = (what: string): CallSite => ({ platform: 'twitter', name: 'X', what })

/** X named the parameters that it does not take; the adapter may know another way to ask. */
export class RefusedParameters extends PlatformError {
  readonly parameters: string[]

  constructor(what: string, parameters: string[]) {
    const message = `X does not take these parameters of ${what} any more: ${parameters.join(', ')}`
    super('twitter', 'changed_shape', message, { status: 400 })
    this.parameters = parameters
  }
}

/** An answer that is not 2xx. Of its body only the kind of problem is looked at. */
export function errorOfAnswer(
  what: string,
  answer: HttpAnswer & { text: string },
  now: Date,
  oneAccount: boolean,
): PlatformError {
  const { status } = answer
  const refusal = refusalIn(answer.text)
  const error = (kind: PlatformError['kind'], words: string, until?: Date) =>
    new PlatformError('twitter', kind, words, { status, ...(until && { until }) })

  if (status === 400) {
    const parameters = namesIn(refusal)
    if (parameters.length > 0) return new RefusedParameters(what, parameters)
  }
  if (status === 401) return error('unauthorized', 'X does not accept this bearer token')
  if (status === 402) {
    return error('forbidden', 'The X credits of this app are used up: add some in the console')
  }
  if (status === 403 && concernsApp(refusal)) {
    return error('forbidden', 'X does not let this app use its API: enrol it in the console')
  }
  if (status === 429 && refusal?.type?.endsWith('/usage-capped')) {
    const words = 'X counts no more reads for this app in this period: its usage cap is reached'
    return error('rate_limited', words, new Date(now.getTime() + dayMs))
  }
  const sourceOnly = oneAccount && [403, 404].includes(status)
  return errorOfStatus(siteOf(what), answer, now, { reset, sourceOnly })
}

function refusalIn(text: string): Refusal | null {
  try {
    return Refusal.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

/** Names only (their values are ours, but may be anything), of a form that parameters have. */
const namesIn = (refusal: Refusal | null): string[] =>
  (refusal?.errors ?? [])
    .flatMap(({ parameters }) => Object.keys(parameters ?? {}))
    .filter((name) => /^[a-z_.]{1,40}$/.test(name))

const concernsApp = (refusal: Refusal | null) =>
  /\/(client-forbidden|unsupported-authentication|oauth1-permissions)$/.test(refusal?.type ?? '') ||
  /^(client-not-enrolled|official-client-forbidden)$/.test(refusal?.reason ?? '')

/** Why X left an account out of a 200 answer, in words for its watcher. */
export function reasonOf(problem: Problem | undefined): string {
  if (/suspended/i.test(problem?.detail ?? '')) return 'X has suspended this account'
  if (problem?.type?.endsWith('/not-authorized-for-resource')) return protectedAccount
  return 'X knows no account of this name or id'
}

export const protectedAccount = 'This account is protected: X shows its posts to its followers only'

export function errorOfProblem(problem: Problem | undefined): PlatformError {
  const reason = reasonOf(problem)
  const kind = reason === protectedAccount ? 'forbidden' : 'not_found'
  return new PlatformError('twitter', kind, reason, { sourceOnly: true })
}
