import type { Problem } from './problem-codes.ts'

/** The shape of a PlatformError, told by its name: this layer knows no platform. */
type PlatformFailure = {
  name: 'PlatformError'
  platform: string
  kind: string
  message: string
  until: Date | null
}

const isPlatformFailure = (error: unknown): error is PlatformFailure =>
  error instanceof Error && error.name === 'PlatformError' && 'kind' in error && 'platform' in error

type Answer = Pick<Problem, 'status' | 'code'> & { words: string }

const answers: Record<string, Answer> = {
  unauthorized: {
    status: 422,
    code: 'platform_refused',
    words: 'The platform does not accept these credentials',
  },
  forbidden: {
    status: 422,
    code: 'platform_refused',
    words: 'The platform does not allow this with these credentials',
  },
  not_found: {
    status: 422,
    code: 'platform_refused',
    words: 'The platform has nothing under this name',
  },
  rate_limited: {
    status: 429,
    code: 'rate_limited',
    words: 'The platform asks this profile to wait',
  },
  budget_exhausted: {
    status: 422,
    code: 'over_budget',
    words: 'The budget of this profile is used up',
  },
  unavailable: {
    status: 503,
    code: 'platform_unavailable',
    words: 'The platform does not answer',
  },
  changed_shape: {
    status: 502,
    code: 'platform_unavailable',
    words: 'The platform answered in a form that Earshot does not know',
  },
}

/** A platform's failure in words; its own message is ours, so it may be shown. */
export function platformProblem(error: unknown): Problem | null {
  if (!isPlatformFailure(error)) return null
  const answer = answers[error.kind]
  if (!answer) return null
  const { status, code, words } = answer
  const detail = `${words}: ${error.message}`
  return { status, code, detail, retryAfterS: waitOf(error, status) }
}

const waitOf = ({ until }: PlatformFailure, status: number): number | null => {
  if (until) return Math.max(1, Math.ceil((until.getTime() - Date.now()) / 1000))
  return status === 503 || status === 429 ? 30 : null
}
