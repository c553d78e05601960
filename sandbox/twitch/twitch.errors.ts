import { type Answer, htmlAnswer, jsonAnswer } from '../http/answer.ts'
import type { ErrorKind } from '../http/platform-api.ts'

const names: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
}

export const twitchError = (status: number, message: string, headers = {}): Answer =>
  jsonAnswer(status, { error: names[status], status, message }, headers)

export function twitchFault(kind: ErrorKind, retryAfterS: number, nowMs: number): Answer {
  const reset = String(Math.ceil(nowMs / 1000) + retryAfterS)
  const spent = { 'ratelimit-limit': '800', 'ratelimit-remaining': '0', 'ratelimit-reset': reset }
  const answers: Record<ErrorKind, () => Answer> = {
    unauthorized: () => twitchError(401, 'Invalid OAuth token'),
    forbidden: () => twitchError(403, 'Forbidden'),
    not_found: () => twitchError(404, ''),
    rate_limited: () => twitchError(429, 'Too Many Requests', spent),
    rate_limited_no_headers: () => twitchError(429, 'Too Many Requests'),
    server_error: () => twitchError(503, ''),
    html: () => htmlAnswer(503, '503 Service Temporarily Unavailable', 'nginx'),
    payment_required: () => twitchError(402, 'Payment Required'),
  }
  return answers[kind]()
}
