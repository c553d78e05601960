import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

/** Of one answer, unpacked: the largest that the four platforms give us have two or three MB. */
export const mostAnswerBytes = 16 * 1024 * 1024

/** A body that does not end, or unpacks to more than any answer of a platform. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge'

  constructor() {
    super(`it has more than ${mostAnswerBytes / 1024 / 1024} MB`)
  }
}

/** Counts a body while it comes. Throws AnswerTooLarge at the first chunk that is too much. */
export function sizeGuard(most: number = mostAnswerBytes): (chunk: Uint8Array) => void {
  let bytes = 0
  return (chunk) => {
    bytes += chunk.length
    if (bytes > most) throw new AnswerTooLarge()
  }
}

/** The text of a fetched body; what is too large is not read to its end, and its connection closed. */
export async function readText(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const count = sizeGuard()
  const chunks: Uint8Array[] = []
  for await (const chunk of body ?? []) {
    count(chunk)
    chunks.push(chunk)
  }
  return textOf(Buffer.concat(chunks))
}

const unpack = promisify(gunzip)

/** The text of bytes that came whole, packed or not. */
export async function unpackText(bytes: Buffer, encoding: string | null): Promise<string> {
  if (encoding?.trim().toLowerCase() !== 'gzip') return textOf(bytes)
  try {
    return textOf(await unpack(bytes, { maxOutputLength: mostAnswerBytes }))
  } catch (error) {
    const { code } = error as { code?: unknown }
    throw code === 'ERR_BUFFER_TOO_LARGE' ? new AnswerTooLarge() : error
  }
}

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
