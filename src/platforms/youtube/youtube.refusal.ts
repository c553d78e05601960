import { errorOfStatus, type HttpAnswer } from '../http-answer.ts'
import { PlatformError, type PlatformErrorKind } from '../platform-error.ts'
import { nextRefill } from './youtube.quota-day.ts'
import { ErrorAnswer } from './youtube.shapes.ts'

type Meaning = { kind: PlatformErrorKind; words: string; sourceOnly?: boolean }

const wrongKey: Meaning = { kind: 'unauthorized', words: 'YouTube does not accept this API key' }
const quotaSpent: Meaning = {
  kind: 'budget_exhausted',
  words: "The day's YouTube quota of this key's project is spent; it refills at midnight Pacific",
}
const tooFast: Meaning = { kind: 'rate_limited', words: 'YouTube asks for fewer calls a minute' }
const notEnabled: Meaning = {
  kind: 'forbidden',
  words:
    'The YouTube Data API v3 is not switched on for this key: open console.cloud.google.com, choose ' +
    'its project, "APIs & Services", "Library", "YouTube Data API v3", and press "Enable"',
}
const restricted: Meaning = {
  kind: 'forbidden',
  words:
    'This API key is restricted: in console.cloud.google.com, "Credentials", allow it the YouTube ' +
    "Data API v3 and this server's address",
}
const closedList: Meaning = {
  kind: 'forbidden',
  words: 'This channel does not show its uploads',
  sourceOnly: true,
}

const commentsOff: Meaning = {
  kind: 'forbidden',
  words: 'The comments of this video are switched off',
  sourceOnly: true,
}

/** YouTube says why in `reason`, by an old name in `errors` and by a new one in `details`. */
const meanings: { [reason: string]: Meaning } = {
  keyInvalid: wrongKey,
  keyExpired: wrongKey,
  API_KEY_INVALID: wrongKey,
  API_KEY_EXPIRED: wrongKey,
  quotaExceeded: quotaSpent,
  dailyLimitExceeded: quotaSpent,
  rateLimitExceeded: tooFast,
  userRateLimitExceeded: tooFast,
  RATE_LIMIT_EXCEEDED: tooFast,
  accessNotConfigured: notEnabled,
  SERVICE_DISABLED: notEnabled,
  ipRefererBlocked: restricted,
  API_KEY_IP_ADDRESS_BLOCKED: restricted,
  API_KEY_HTTP_REFERRER_BLOCKED: restricted,
  API_KEY_SERVICE_BLOCKED: restricted,
  playlistItemsNotAccessible: closedList,
  commentsDisabled: commentsOff,
}

/** The error of a refused call, from the reasons that YouTube names; its words are ours. */
export function errorOfRefusal(
  what: string,
  answer: HttpAnswer & { text: string },
  now: Date,
): PlatformError {
  const site = { platform: 'youtube', name: 'YouTube', what }
  const general = errorOfStatus(site, answer, now, { sourceOnly: answer.status === 404 })
  const reason = reasonsOf(answer.text).find((one) => Object.hasOwn(meanings, one))
  const meaning = reason === undefined ? undefined : meanings[reason]
  if (!meaning) return general
  const until =
    meaning.kind === 'budget_exhausted'
      ? nextRefill(now)
      : meaning.kind === 'rate_limited' &&
        errorOfStatus(site, { ...answer, status: 429 }, now).until
  return new PlatformError('youtube', meaning.kind, meaning.words, {
    status: answer.status,
    sourceOnly: meaning.sourceOnly ?? false,
    ...(until && { until }),
  })
}

/** The newer names first: they say more. */
function reasonsOf(text: string): string[] {
  const body = ErrorAnswer.safeParse(jsonOrNull(text))
  if (!body.success) return []
  const { details, errors } = body.data.error
  return [...(details ?? []), ...(errors ?? [])].flatMap(({ reason }) => reason ?? [])
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
