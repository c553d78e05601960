import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { to as copyTo } from 'pg-copy-streams'
import { contextOf } from '../../src/compose.ts'
import { taskOrigin } from '../../src/core/origin.ts'
import { forWorkspace } from '../../src/database/database.ts'
import { beginExport, copyStatement } from '../../src/features/exports/exports.queries.ts'
import { type ExportRequest, exportPosts } from '../../src/features/exports/index.ts'
import type { BenchEnvironment } from '../environment.ts'

export type Run = (request: ExportRequest) => Promise<{ rows: number; seconds: number }>

/** COPY by itself: the same statement through pg-copy-streams, its bytes thrown away. */
export const drainCopy =
  ({ parts }: BenchEnvironment): Run =>
  async ({ workspaceId, format, selection }) => {
    const client = await parts.database.pool.connect()
    try {
      await beginExport(client, workspaceId, selection, 600_000)
      const started = performance.now()
      const copy = client.query(copyTo(copyStatement(format, selection)))
      const sink = new Writable({ write: (_chunk, _encoding, done) => done() })
      await pipeline(copy, sink)
      const seconds = (performance.now() - started) / 1_000
      await client.query('commit')
      return { rows: copy.rowCount, seconds }
    } finally {
      client.release()
    }
  }

/** The export as people get it: through HTTP, to a client in a process of its own. */
export async function openExportServer({ parts }: BenchEnvironment) {
  let next: ExportRequest | null = null
  let exported = Promise.resolve(0)
  const server = createServer((_request, response) => {
    if (!next) return void response.destroy()
    const ctx = contextOf(parts, new AbortController().signal, taskOrigin('bench'))
    const em = forWorkspace(ctx.em, next.workspaceId)
    exported = exportPosts({ ...ctx, em }, next, (file) => pipeline(file, response))
    exported.catch((error: unknown) => response.destroy(error as Error))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const reader = fork(new URL('reader.mjs', import.meta.url))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const run: Run = async (request) => {
    next = request
    const started = performance.now()
    reader.send(url)
    const [answer] = (await once(reader, 'message')) as [{ error?: string }]
    if (answer.error) throw new Error(answer.error)
    const seconds = (performance.now() - started) / 1_000
    return { rows: await exported, seconds }
  }
  return {
    run,
    close: () => {
      reader.kill()
      server.close()
    },
  }
}
