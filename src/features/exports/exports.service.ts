import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type { Pool, PoolClient } from 'pg'
import type { Context } from '../../context.ts'
import { CopyRows } from './copy-rows.ts'
import { takeSlot } from './export-slots.ts'
import {
  beginExport,
  copyStatement,
  type ExportFormat,
  type ExportSelection,
} from './exports.queries.ts'

/** An export that takes longer is broken off: it would hold back the vacuum of the whole database. */
const timeoutMs = 15 * 60_000

export type ExportRequest = {
  workspaceId: string
  format: ExportFormat
  selection: ExportSelection
}

/**
 * Runs `deliver` with the file as a stream, once its first bytes are there: what fails before them
 * is an ordinary error. Whatever happens then, the slot is freed, and a connection whose COPY did not
 * end is thrown away, which ends the COPY. Returns the number of posts.
 */
export async function exportPosts(
  ctx: Pick<Context, 'em' | 'metrics' | 'signal'>,
  { workspaceId, format, selection }: ExportRequest,
  deliver: (file: Readable) => Promise<void>,
): Promise<number> {
  const pool = (await ctx.em.getConnection().getNativeClient()) as Pool
  const free = takeSlot(pool, workspaceId)
  try {
    return await withConnection(pool, async (client) => {
      await beginExport(client, workspaceId, selection, timeoutMs)
      const file = client.query(new CopyRows(copyStatement(format, selection), format))
      try {
        await once(file, 'readable', { signal: ctx.signal })
        await deliver(file)
      } finally {
        file.destroy()
      }
      await client.query('commit')
      ctx.metrics.exportRows(file.rowCount)
      return file.rowCount
    })
  } finally {
    free()
  }
}

async function withConnection<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  // A connection that breaks also tells whoever holds it by an event; the query's own error is enough.
  const ignore = () => {}
  client.on('error', ignore)
  let failure: Error | undefined
  try {
    return await work(client)
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error))
    throw error
  } finally {
    client.release(failure)
    client.off('error', ignore)
  }
}
