import { changedShape } from './answer-shape.ts'
import type { CallSite } from './call-site.ts'
import { PlatformError } from './platform-error.ts'

/** The part of an answer that errors are made of, whichever SDK brought it. */
export type HttpAnswer = {
  status: number
  header: (name: string) => string | null
}

/** The platform's own "no call before" header: X and Twitch send epoch seconds, Reddit seconds to go. */
export type ResetHeader = { name: string; unit: 'epoch_s' | 'seconds_to_go' }

const defaultPauseMs = 60_000
/** A header that asks for more than a day is taken for a mistake. */
const longestPauseMs = 86_400_000

/** What a status other than 2xx means. The body is not needed, so that none of it can leak. */
export function errorOfStatus(
  site: CallSite,
  answer: HttpAnswer,
  now: Date,
  { reset = null, sourceOnly = false }: { reset?: ResetHeader | null; sourceOnly?: boolean } = {},
): PlatformError {
  const { status } = answer
  const said = `${site.name} answered ${status} to ${site.what}`
  const error = (kind: PlatformError['kind'], words: string, until?: Date) =>
    new PlatformError(site.platform, kind, `${said}: ${words}`, {
      status,
      sourceOnly,
      ...(until && { until }),
    })

  if (status === 401) return error('unauthorized', 'it does not accept this credential')
  if (status === 402) return error('forbidden', 'it wants to be paid before it answers')
  if (status === 403 || status === 451)
    return error('forbidden', 'this credential may not ask for this')
  if (status === 404 || status === 410)
    return error('not_found', 'there is nothing of that name or id')
  if (status === 429) {
    return error('rate_limited', 'too many calls', pauseEnd(answer, now, reset))
  }
  if (status === 408 || status >= 500) return error('unavailable', 'it is not well at the moment')
  if (status >= 300 && status < 400) return error('unavailable', 'it sent us elsewhere')
  return error('changed_shape', 'it does not understand this request any more')
}

/** The end of a 429's pause: the later of the reset header and Retry-After, else a minute from now. */
function pauseEnd(answer: HttpAnswer, now: Date, reset: ResetHeader | null): Date {
  const moments = [retryAfter(answer, now), reset && resetMoment(answer, now, reset)]
    .map((moment) => moment?.getTime() ?? 0)
    .filter((at) => at > now.getTime() && at <= now.getTime() + longestPauseMs)
  return new Date(moments.length > 0 ? Math.max(...moments) : now.getTime() + defaultPauseMs)
}

/** When the platform says its bucket is full again; null: it does not say, or not in numbers. */
export function resetMoment(answer: HttpAnswer, now: Date, reset: ResetHeader): Date | null {
  const seconds = numberOf(answer.header(reset.name))
  if (seconds === null) return null
  return new Date(reset.unit === 'epoch_s' ? seconds * 1_000 : now.getTime() + seconds * 1_000)
}

function retryAfter(answer: HttpAnswer, now: Date): Date | null {
  const value = answer.header('retry-after')
  const seconds = numberOf(value)
  if (seconds !== null) return new Date(now.getTime() + seconds * 1_000)
  const moment = new Date(value ?? Number.NaN)
  return Number.isNaN(moment.getTime()) ? null : moment
}

/** A header's number; null where there is no header or no number in it (never 0 for absent). */
export function numberOf(value: string | null): number | null {
  if (value === null || !/^\d+(\.\d+)?$/.test(value.trim())) return null
  return Number(value)
}

/** The JSON of a 2xx answer. A web page instead is an outage of something in between. */
export function jsonOf(site: CallSite, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    if (text.trimStart().startsWith('<')) {
      const message = `${site.name} answered ${site.what} with a web page instead of data`
      throw new PlatformError(site.platform, 'unavailable', message)
    }
    throw changedShape(site, 'it is not JSON')
  }
}
