import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type { Pool, PoolClient } from 'pg'
import type { Context } from '../../context.ts'
import { CopyRows } from './copy-rows.ts'
import { takeSlot } from './export-slots.ts'
import {
  beginExport,
  copyRowsStatement,
  copyStatement,
  type ExportFormat,
  type ExportSelection,
  enterWorkspace,
} from './exports.queries.ts'

/** An export that takes longer is broken off: it would hold back the vacuum of the whole database. */
const timeoutMs = 15 * 60_000

type Needs = Pick<Context, 'em' | 'metrics' | 'signal'>

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
  ctx: Needs,
  { workspaceId, format, selection }: ExportRequest,
  deliver: (file: Readable) => Promise<void>,
): Promise<number> {
  return inExport(ctx, { workspaceId, selection }, async (client) => {
    const file = client.query(new CopyRows(copyStatement(format, selection), format))
    try {
      await once(file, 'readable', { signal: ctx.signal })
      await deliver(file)
    } finally {
      file.destroy()
    }
    ctx.metrics.exportRows(file.rowCount)
    return file.rowCount
  })
}

const everything = { from: '-infinity', to: 'infinity' }

export type Copies = {
  /** All posts of a workspace as NDJSON, as the export has them. */
  posts: (workspaceId: string) => Promise<Readable>
  /** What a SELECT of ours finds in a workspace as NDJSON. No part of it comes from a caller. */
  rows: (workspaceId: string, select: string) => Promise<Readable>
}

/**
 * Several files one after the other, over one connection and in one slot. Each must be read to its
 * end before the next is asked for. Whoever asks has made sure that the workspaces are the person's.
 */
export const withCopies = <T>(
  ctx: Needs,
  workspaceId: string,
  work: (copies: Copies) => Promise<T>,
): Promise<T> =>
  inExport(ctx, { workspaceId, selection: everything }, (client) => {
    const copy = async (inside: string, statement: string) => {
      await enterWorkspace(client, inside)
      return client.query(new CopyRows(statement, 'ndjson'))
    }
    return work({
      posts: (inside) => copy(inside, copyStatement('ndjson', everything)),
      rows: (inside, select) => copy(inside, copyRowsStatement(select)),
    })
  })

async function inExport<T>(
  ctx: Needs,
  { workspaceId, selection }: Pick<ExportRequest, 'workspaceId' | 'selection'>,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const pool = (await ctx.em.getConnection().getNativeClient()) as Pool
  const free = takeSlot(pool, workspaceId)
  try {
    return await withConnection(pool, async (client) => {
      await beginExport(client, workspaceId, selection, timeoutMs)
      const result = await work(client)
      await client.query('commit')
      return result
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
