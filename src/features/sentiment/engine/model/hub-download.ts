import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../../../core/errors.ts'

type DownloadOptions = {
  signal?: AbortSignal | undefined
  onBytes?: (received: number, total: number | null) => void
}
type Download = { bytes: number; sha256: string; commit: string | null }

const mostRedirects = 5

/** Saves what `url` answers to `file` and checks it as far as the hub lets us; null: not there. */
export async function download(
  url: string,
  file: string,
  { signal, onBytes }: DownloadOptions = {},
): Promise<Download | null> {
  const { response, announced, commit } = await openHubFile(url, signal)
  if (response.status === 404 || !response.body) return null
  const total = lengthOf(response)
  const hash = createHash('sha256')
  let bytes = 0
  const measure = async function* (pieces: AsyncIterable<Uint8Array>) {
    for await (const piece of pieces) {
      hash.update(piece)
      bytes += piece.byteLength
      onBytes?.(bytes, total)
      yield piece
    }
  }
  try {
    await pipeline(Readable.fromWeb(response.body), measure, createWriteStream(file), { signal })
  } catch (cause) {
    signal?.throwIfAborted()
    throw broken(url, cause instanceof Error ? cause.message : String(cause))
  }
  const sha256 = hash.digest('hex')
  if (total !== null && bytes !== total) throw broken(url, `${bytes} of ${total} bytes arrived`)
  if (announced !== null && announced !== sha256) throw broken(url, 'its SHA-256 is another')
  return { bytes, sha256, commit }
}

/**
 * Follows redirects by hand: the hub names the commit and the SHA-256 of a large file on its own
 * answer, which redirects to a store that does not repeat them.
 */
async function openHubFile(url: string, signal: AbortSignal | undefined) {
  let announced: string | null = null
  let commit: string | null = null
  let next = new URL(url)
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const response = await request(next, signal)
    announced ??= /[\da-f]{64}/.exec(response.headers.get('x-linked-etag') ?? '')?.[0] ?? null
    commit ??= response.headers.get('x-repo-commit')
    const location = response.headers.get('location')
    if (response.status < 300 || response.status >= 400 || !location) {
      if (response.ok || response.status === 404) return { response, announced, commit }
      throw broken(url, `the hub answered ${response.status}`)
    }
    await response.body?.cancel()
    next = redirected(next, location)
  }
  throw broken(url, 'the hub redirects without end')
}

function redirected(from: URL, location: string): URL {
  const target = new URL(location, from)
  if (from.protocol !== 'https:' || target.protocol === 'https:') return target
  throw broken(from.href, 'the hub redirects to an unprotected address')
}

async function request(url: URL, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch(url, {
      redirect: 'manual',
      // Compressed answers would carry the length of something else than the file.
      headers: { 'accept-encoding': 'identity' },
      ...(signal && { signal }),
    })
  } catch (cause) {
    signal?.throwIfAborted()
    throw new AppError('unavailable', `${url.origin} cannot be reached`, { cause })
  }
}

function lengthOf(response: Response): number | null {
  const length = response.headers.get('content-length')
  return length === null || response.headers.has('content-encoding') ? null : Number(length)
}

const broken = (url: string, why: string) =>
  new AppError('unavailable', `${url} could not be fetched: ${why}`)
