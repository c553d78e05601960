import { Agent, type IncomingMessage } from 'node:http'
import { ApiResponseError, type ITwitterApiClientPlugin, TwitterApi } from 'twitter-api-v2'
import { sizeGuard, unpackText } from '../bounded-body.ts'
import { errorOfFailure } from '../call-failure.ts'
import type { HttpAnswer } from '../http-answer.ts'
import type { PlatformTools } from '../platform.ts'
import { PlatformError } from '../platform-error.ts'
import { siteOf } from './twitter.errors.ts'

export type Answer = HttpAnswer & { text: string }
export type Query = { [name: string]: string | undefined }

/**
 * One GET through the SDK: it does not retry, but it has no time limit, does not stop on a signal
 * while it unpacks a cut answer, and its errors hold the request with the bearer token in it. So the
 * promise is raced against our own signal, and errors are read and dropped. Bodies are taken as bytes
 * and packed: its own parser throws past every handler at an error list it does not expect, and it
 * unpacks without an end.
 */
export async function send(
  token: string,
  { what, path, query }: { what: string; path: string; query: Query },
  tools: Pick<PlatformTools, 'baseUrl' | 'signal' | 'timeoutMs'>,
): Promise<Answer> {
  const tooLarge = new AbortController()
  const endings = [tools.signal, AbortSignal.timeout(tools.timeoutMs), tooLarge.signal]
  const signal = AbortSignal.any(endings)
  const wire: Wire = { signal, tooLarge, sent: false, response: null }
  try {
    signal.throwIfAborted()
    const prefix = `${tools.baseUrl ?? 'https://api.x.com'}/2/`
    const options = { prefix, fullResponse: true, ...packed() } as const
    const call = openClient(token, tools.baseUrl, wire).get(path, query, options)
    const { data, headers } = await orStopped(call, signal)
    // As bytes a cut body looks whole to the SDK, and a redirect looks like an answer.
    if (!wire.response?.complete) throw cutError()
    return await answerOf(wire.response.statusCode ?? 0, headers, data)
  } catch (failure) {
    if (failure instanceof ApiResponseError) {
      return await answerOf(failure.code, failure.headers, failure.data).catch((error) => {
        throw errorOf(what, error, wire)
      })
    }
    throw errorOf(what, causeOf(failure), wire)
  }
}

/** The SDK asks for what it may unpack, and unpacks nothing: we do, up to a size. */
const packed = () =>
  ({
    headers: { 'accept-encoding': 'gzip' },
    compression: 'identity',
    forceParseMode: 'buffer',
  }) as const

const cutError = () => Object.assign(new Error('cut'), { code: 'ECONNRESET' })

/** The request never reached X, so nothing of it can have been billed. */
export class Unsent extends PlatformError {}

function errorOf(what: string, cause: unknown, { sent }: Wire): PlatformError {
  const error = errorOfFailure(siteOf(what), cause)
  const { code } = (cause ?? {}) as { code?: unknown }
  const unsent = !sent || ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(String(code))
  return unsent ? new Unsent(error.platform, error.kind, error.message) : error
}

/** What the SDK does not show: its response, and ways to stop it. */
type Wire = {
  signal: AbortSignal
  tooLarge: AbortController
  sent: boolean
  response: IncomingMessage | null
}

function watch(response: IncomingMessage, { tooLarge }: Wire): IncomingMessage {
  const count = sizeGuard()
  return response.on('data', (chunk: Buffer) => {
    try {
      count(chunk)
    } catch (error) {
      tooLarge.abort(error)
    }
  })
}

function openClient(token: string, baseUrl: string | null, wire: Wire) {
  const plugin: ITwitterApiClientPlugin = {
    onBeforeRequestConfig: ({ params }) => {
      params.requestEventDebugHandler = (event, data) => {
        if (event === 'response' && data?.res) wire.response = watch(data.res, wire)
      }
    },
    onBeforeRequest: ({ requestOptions }) => {
      Object.assign(requestOptions, { signal: wire.signal })
      wire.sent = true
    },
  }
  const plain = baseUrl?.startsWith('http:') === true
  const settings = { plugins: [plugin], ...(plain && { httpAgent: new Agent() }) }
  return new TwitterApi(token, settings).v2
}

function orStopped<Value>(call: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    call.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

type Headers = { [name: string]: string | string[] | undefined }

async function answerOf(status: number, headers: Headers, body: unknown): Promise<Answer> {
  const header = (name: string) => [headers[name] ?? []].flat()[0] ?? null
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
  return { status, header, text: await unpackText(bytes, header('content-encoding')) }
}

/** `requestError` of the SDK's errors reads the wrong field: the cause stands only in `_options`. */
function causeOf(failure: unknown): unknown {
  const { _options: options } = (failure ?? {}) as {
    _options?: { error?: unknown; responseError?: unknown }
  }
  return options?.error ?? options?.responseError ?? failure
}
