import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { Api } from './api.ts'

export type Overview = {
  sources: number
  activeJobs: number
  jobsWaiting: number
  failingJobs: number
  posts: number
  samples: number
  scoredPosts: number
  unscoredPosts: number
  openGaps: number
}

const lookEveryMs = 500

/** Follows the first round until every job has run once and every text has its score. */
export async function waitForRound(
  api: Api,
  show: (overview: Overview) => void,
  signal: AbortSignal,
): Promise<Overview> {
  for (;;) {
    const overview = await api.get<Overview>('/api/overview')
    show(overview)
    if (overview.jobsWaiting === 0 && overview.unscoredPosts === 0) return overview
    await wait(lookEveryMs, undefined, { signal })
  }
}

export type Exported = { rows: number; bytes: number; coverage: string | null; sha256: string }

/** Exports every post as CSV to a file and counts what arrived. */
export async function exportPosts(api: Api, file: string): Promise<Exported> {
  const path = '/api/export/posts.csv?from=2000-01-01T00:00:00Z'
  const response = await api.open(path)
  if (!response.body) throw new Error(`${path} had no body`)
  const hash = createHash('sha256')
  let bytes = 0
  let records = 0
  let quoted = false
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      hash.update(chunk)
      // A line feed outside quotes ends a record; an escaped quote flips twice.
      for (const byte of chunk) {
        if (byte === 0x22) quoted = !quoted
        else if (byte === 0x0a && !quoted) records += 1
      }
      done(null, chunk)
    },
  })
  await pipeline(Readable.fromWeb(response.body as never), counter, createWriteStream(file))
  return {
    rows: records - 1,
    bytes,
    coverage: response.headers.get('x-coverage'),
    sha256: hash.digest('hex'),
  }
}
