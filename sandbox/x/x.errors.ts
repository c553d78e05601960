import { type Answer, htmlAnswer, jsonAnswer } from '../http/answer.ts'
import type { ErrorKind } from '../http/platform-api.ts'
import type { Words } from './x.dialect.ts'

const problemType = { 'content-type': 'application/problem+json; charset=utf-8' }

export const blankProblem = (status: number, title: string, headers = {}): Answer =>
  jsonAnswer(
    status,
    { title, type: 'about:blank', status, detail: title },
    { ...problemType, ...headers },
  )

export const invalidRequest = (words: Words, parameter: string, value: string, message: string) =>
  jsonAnswer(
    400,
    {
      errors: [{ parameters: { [parameter]: [value] }, message }],
      title: 'Invalid Request',
      detail: 'One or more parameters to your request was invalid.',
      type: `${words.problems}/invalid-request`,
    },
    problemType,
  )

/** What a batch says about one of its ids; a single look-up answers it with status 200 too. */
export const missing = (words: Words, resource: string, parameter: string, value: string) => ({
  value,
  detail: `Could not find ${resource} with ${parameter}: [${value}].`,
  title: 'Not Found Error',
  resource_type: resource,
  parameter,
  resource_id: value,
  type: `${words.problems}/resource-not-found`,
})

export const suspended = (words: Words, parameter: string, value: string) => ({
  value,
  detail: `User has been suspended: [${value}].`,
  title: 'Forbidden',
  resource_type: 'user',
  parameter,
  resource_id: value,
  type: `${words.problems}/resource-not-found`,
})

export const notAuthorized = (
  words: Words,
  resource: string,
  parameter: string,
  value: string,
) => ({
  value,
  detail: `Sorry, you are not authorized to see the ${resource} with ${parameter}: [${value}].`,
  title: 'Authorization Error',
  section: 'data',
  resource_type: resource,
  parameter,
  resource_id: value,
  type: `${words.problems}/not-authorized-for-resource`,
})

export function xFault(kind: ErrorKind, retryAfterS: number, nowMs: number): Answer {
  const headers = {
    'x-rate-limit-limit': '300',
    'x-rate-limit-remaining': '0',
    'x-rate-limit-reset': String(Math.ceil(nowMs / 1000) + retryAfterS),
  }
  const credits = {
    title: 'Payment Required',
    detail: 'credits depleted',
    type: 'https://api.x.com/2/problems/credits-depleted',
  }
  const answers: Record<ErrorKind, () => Answer> = {
    unauthorized: () => blankProblem(401, 'Unauthorized'),
    forbidden: () => blankProblem(403, 'Forbidden'),
    not_found: () => blankProblem(404, 'Not Found'),
    rate_limited: () => blankProblem(429, 'Too Many Requests', headers),
    rate_limited_no_headers: () => blankProblem(429, 'Too Many Requests'),
    server_error: () => blankProblem(503, 'Service Unavailable'),
    html: () => htmlAnswer(503, 'X / Over capacity', 'Please wait a moment and try again.'),
    payment_required: () => jsonAnswer(402, credits, problemType),
  }
  return answers[kind]()
}
