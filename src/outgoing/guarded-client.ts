import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Logger } from '../core/logger.ts'
import { ask, readBytes, type Wanted } from './exchange.ts'
import { OutgoingRefusal } from './refusal.ts'
import { publicRules, readTarget, resolveTarget, type TargetRules } from './target.ts'

export { OutgoingRefusal, type RefusalKind } from './refusal.ts'

export type GuardedRequest = {
  /** Media types that are wanted: `image/png`, `image/*`. Not said: anything. */
  accept?: readonly string[]
  /** Not said: 1 MB. */
  maxBytes?: number
  /** For everything together, names and redirects included. Not said: 10 s. */
  timeoutMs?: number
  signal?: AbortSignal
}

export type GuardedAnswer = {
  status: number
  headers: IncomingHttpHeaders
  bytes: Buffer
  finalUrl: string
}

export type GuardedClient = {
  /** Fetches an address that somebody gave us; throws `OutgoingRefusal`, whose sentence may be shown. */
  get: (url: string, request?: GuardedRequest) => Promise<GuardedAnswer>
}

/** What tests put in place of the world; there is no variable for any of it. */
type Options = { log: Logger } & Partial<TargetRules>

const mostRedirects = 5
const defaults = { accept: ['*/*'], maxBytes: 1_000_000, timeoutMs: 10_000 }

/**
 * The only way out to addresses that users give. It asks public machines alone, at the very address
 * that was checked, follows at most 5 redirects and checks each like the first, and reads no more and
 * waits no longer than was said.
 */
export function openGuardedClient({ log, ...given }: Options): GuardedClient {
  const rules = { ...publicRules, ...given }
  return {
    get: async (url, request = {}) => {
      const { accept, maxBytes, timeoutMs, signal } = { ...defaults, ...request }
      const late = AbortSignal.timeout(timeoutMs)
      const either = signal ? AbortSignal.any([late, signal]) : late
      const wanted = { accept, maxBytes, signal: either, isAllowed: rules.isAllowed }
      try {
        return await unlessAborted(follow(url, rules, wanted), either)
      } catch (error) {
        const refusal = refusalOf(error, late, signal)
        log.info({ kind: refusal.kind }, 'an address that a user gave was not fetched')
        throw refusal
      }
    },
  }
}

async function follow(first: string, rules: TargetRules, wanted: Wanted): Promise<GuardedAnswer> {
  let url = readTarget(first, rules.ports)
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const answer = await ask(await resolveTarget(url, rules), wanted)
    try {
      const onwards = redirectOf(answer)
      if (onwards === null) return await finish(answer, url, wanted)
      url = readTarget(onwards, rules.ports, url)
    } finally {
      answer.destroy()
    }
  }
  throw new OutgoingRefusal('too_many_redirects')
}

const redirectOf = ({ statusCode = 0, headers }: IncomingMessage): string | null =>
  [301, 302, 303, 307, 308].includes(statusCode) ? (headers.location ?? null) : null

async function finish(answer: IncomingMessage, url: URL, wanted: Wanted): Promise<GuardedAnswer> {
  const { statusCode: status = 0, headers } = answer
  // We asked for the bytes as they are: packed ones could unpack to anything.
  const packed = (headers['content-encoding'] ?? 'identity') !== 'identity'
  const success = status >= 200 && status < 300
  if (packed || (success && !isWanted(headers['content-type'], wanted.accept))) {
    throw new OutgoingRefusal('media_type')
  }
  return { status, headers, bytes: await readBytes(answer, wanted.maxBytes), finalUrl: url.href }
}

function isWanted(contentType: string | undefined, accept: readonly string[]): boolean {
  const given = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  const kind = given.split('/')[0]
  return accept.some((one) => one === '*/*' || one === given || one === `${kind}/*`)
}

/** Names are asked for by a call that cannot be stopped: nobody waits for it longer than was said. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const stop = () => aborted.reject(new OutgoingRefusal('stopped'))
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  work.catch(() => {})
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function refusalOf(error: unknown, late: AbortSignal, given?: AbortSignal): OutgoingRefusal {
  if (given?.aborted) return new OutgoingRefusal('stopped')
  if (late.aborted) return new OutgoingRefusal('too_slow')
  if (error instanceof OutgoingRefusal) return error
  return new OutgoingRefusal('unreachable', { cause: error })
}
