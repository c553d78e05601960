import { changedShape } from './answer-shape.ts'
import { AnswerTooLarge } from './bounded-body.ts'
import type { CallSite } from './call-site.ts'
import { PlatformError } from './platform-error.ts'

/** Codes of Node's sockets, undici and the SDKs' own time limits -> our words. Others stay unnamed. */
const reasons: { [code: string]: string } = {
  ECONNREFUSED: 'nobody listens at its address',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ENOTFOUND: 'its address is unknown to DNS',
  EAI_AGAIN: 'DNS did not answer',
  ETIMEDOUT: 'it took too long',
  ESOCKETTIMEDOUT: 'it took too long',
  UND_ERR_CONNECT_TIMEOUT: 'it took too long',
  UND_ERR_HEADERS_TIMEOUT: 'it took too long',
  UND_ERR_BODY_TIMEOUT: 'it took too long',
  TimeoutError: 'it took too long',
  AbortError: 'the call was called off',
}

const causesFollowed = 4

/**
 * A call without an answer: timeout, reset, refused, aborted, or one without an end. Only names and codes of the failure are
 * looked at; its message, URL and options (where SDKs keep secrets) go no further.
 */
export function errorOfFailure(site: CallSite, failure: unknown): PlatformError {
  if (failure instanceof PlatformError) return failure
  if (failure instanceof AnswerTooLarge) return changedShape(site, failure.message)
  const reason = reasonOf(failure, causesFollowed) ?? 'no answer came'
  return new PlatformError(site.platform, 'unavailable', `${site.name}, ${site.what}: ${reason}`)
}

function reasonOf(failure: unknown, depth: number): string | null {
  if (typeof failure !== 'object' || failure === null || depth === 0) return null
  const { code, name, cause } = failure as { code?: unknown; name?: unknown; cause?: unknown }
  return (
    (typeof code === 'string' && Object.hasOwn(reasons, code) && reasons[code]) ||
    reasonOf(cause, depth - 1) ||
    (typeof name === 'string' && Object.hasOwn(reasons, name) && reasons[name]) ||
    null
  )
}
