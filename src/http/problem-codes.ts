import type { ErrorCode, FieldProblem } from '../core/errors.ts'

export type ProblemCode =
  | ErrorCode
  | 'method_not_allowed'
  | 'unsupported_media_type'
  | 'request_timeout'
  | 'uri_too_long'
  | 'headers_too_large'
  | 'platform_refused'
  | 'platform_unavailable'
  | 'internal'

/** What a caller is told, before it becomes a problem document. */
export type Problem = {
  status: number
  code: ProblemCode
  detail: string
  fields?: FieldProblem[]
  retryAfterS?: number | null
}

export const titles: Record<ProblemCode, string> = {
  invalid_input: 'The request is not valid',
  unauthorized: 'Not signed in',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  conflict: 'In conflict with what is there',
  method_not_allowed: 'This method is not offered here',
  payload_too_large: 'The body is too large',
  unsupported_media_type: 'This media type is not understood',
  request_timeout: 'The request took too long',
  uri_too_long: 'The address is too long',
  headers_too_large: 'The headers are too large',
  over_budget: 'Over the budget',
  platform_refused: 'The platform refused',
  rate_limited: 'Too many requests',
  platform_unavailable: 'The platform does not answer as it should',
  unavailable: 'Not available just now',
  internal: 'Something went wrong on our side',
}

export const statuses: Record<ErrorCode, number> = {
  invalid_input: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  payload_too_large: 413,
  over_budget: 422,
  rate_limited: 429,
  unavailable: 503,
}
