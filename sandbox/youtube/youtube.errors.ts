import { type Answer, htmlAnswer, jsonAnswer } from '../http/answer.ts'
import type { ErrorKind } from '../http/platform-api.ts'

type GoogleError = {
  code: number
  message: string
  domain?: string
  reason: string
  status?: string
  location?: string
}

export function googleError({
  code,
  message,
  domain,
  reason,
  status,
  location,
}: GoogleError): Answer {
  const place = location ? { location, locationType: 'parameter' } : {}
  return jsonAnswer(code, {
    error: {
      code,
      message,
      errors: [{ message, domain: domain ?? 'youtube.parameter', reason, ...place }],
      ...(status && { status }),
    },
  })
}

export const invalidKey = (): Answer => {
  const message = 'API key not valid. Please pass a valid API key.'
  return jsonAnswer(400, {
    error: {
      code: 400,
      message,
      errors: [{ message, domain: 'global', reason: 'badRequest' }],
      status: 'INVALID_ARGUMENT',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'API_KEY_INVALID',
          domain: 'googleapis.com',
          metadata: { service: 'youtube.googleapis.com' },
        },
      ],
    },
  })
}

export const noKey = () =>
  googleError({
    code: 403,
    message:
      "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
    domain: 'global',
    reason: 'forbidden',
    status: 'PERMISSION_DENIED',
  })

export const quotaExceeded = () =>
  googleError({
    code: 403,
    message:
      'The request cannot be completed because you have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.',
    domain: 'youtube.quota',
    reason: 'quotaExceeded',
  })

export const missingPart = () =>
  googleError({
    code: 400,
    message: 'Required parameter: part',
    domain: 'global',
    reason: 'required',
    location: 'part',
  })

export const unknownPart = (part: string) =>
  googleError({
    code: 400,
    message: `'${part}'`,
    domain: 'youtube.part',
    reason: 'unknownPart',
    location: 'part',
  })

export const noFilter = (filters: string) =>
  googleError({
    code: 400,
    message: `No filter selected. Expected one of: ${filters}`,
    reason: 'missingRequiredParameter',
    location: 'parameters.',
  })

export const invalidValue = (name: string, reason = 'invalidParameter') =>
  googleError({
    code: 400,
    message: `The request specifies an invalid value for the <code>${name}</code> parameter.`,
    reason,
    location: name,
  })

export const notFound = (what: 'playlist' | 'video' | 'channel') =>
  googleError({
    code: 404,
    message: `The ${what} identified with the request's <code>${what}Id</code> parameter cannot be found.`,
    domain: `youtube.${what === 'video' ? 'commentThread' : what === 'playlist' ? 'playlistItem' : 'channel'}`,
    reason: `${what}NotFound`,
    location: `${what}Id`,
  })

/**
 * YouTube has no 429 for a spent day: it says 403 quotaExceeded, so `rate_limited` is that. Bursts
 * are 429 rateLimitExceeded, without any header: `rate_limited_no_headers`.
 */
export function youtubeFault(kind: ErrorKind): Answer {
  const answers: Record<ErrorKind, () => Answer> = {
    unauthorized: () =>
      googleError({
        code: 401,
        message: 'Invalid Credentials',
        domain: 'global',
        reason: 'authError',
        status: 'UNAUTHENTICATED',
      }),
    forbidden: () =>
      googleError({
        code: 403,
        message: 'YouTube Data API v3 has not been used in project 1 before or it is disabled.',
        domain: 'usageLimits',
        reason: 'accessNotConfigured',
        status: 'PERMISSION_DENIED',
      }),
    not_found: () => notFound('playlist'),
    rate_limited: quotaExceeded,
    rate_limited_no_headers: () =>
      googleError({
        code: 429,
        message: "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute'",
        domain: 'global',
        reason: 'rateLimitExceeded',
        status: 'RESOURCE_EXHAUSTED',
      }),
    server_error: () =>
      googleError({
        code: 503,
        message: 'The service is currently unavailable.',
        domain: 'global',
        reason: 'backendError',
        status: 'UNAVAILABLE',
      }),
    html: () =>
      htmlAnswer(502, '502. That’s an error.', 'The server encountered a temporary error.'),
    payment_required: () =>
      googleError({ code: 402, message: 'Payment Required', domain: 'global', reason: 'required' }),
  }
  return answers[kind]()
}
