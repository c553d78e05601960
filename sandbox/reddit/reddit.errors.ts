import { type Answer, htmlAnswer, jsonAnswer } from '../http/answer.ts'
import type { ErrorKind } from '../http/platform-api.ts'

export const redditError = (
  status: number,
  message: string,
  reason?: string,
  headers = {},
): Answer => jsonAnswer(status, { ...(reason && { reason }), message, error: status }, headers)

export const unauthorized = () =>
  redditError(401, 'Unauthorized', undefined, {
    'www-authenticate': 'Bearer realm="reddit", error="invalid_token"',
  })

/** What clients without a name of their own get: a page, and no rate-limit headers. */
export const whoaThere = (retryAfterS: number) =>
  htmlAnswer(
    429,
    'Too Many Requests',
    "whoa there, pardner! we're sorry, but you appear to be a bot and we've seen too many requests from you lately. please wait and try again, with a descriptive user agent.",
    { 'retry-after': String(retryAfterS) },
  )

export function redditFault(kind: ErrorKind, retryAfterS: number): Answer {
  const answers: Record<ErrorKind, () => Answer> = {
    unauthorized,
    forbidden: () => redditError(403, 'Forbidden'),
    not_found: () => redditError(404, 'Not Found'),
    rate_limited: () => whoaThere(retryAfterS),
    rate_limited_no_headers: () => redditError(429, 'Too Many Requests'),
    server_error: () => redditError(503, 'Service Unavailable'),
    html: () =>
      htmlAnswer(
        503,
        'Ow! -- reddit.com',
        'all of our servers are busy right now. please try again in a minute',
      ),
    payment_required: () => redditError(402, 'Payment Required'),
  }
  return answers[kind]()
}
