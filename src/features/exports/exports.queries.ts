import type { PoolClient } from 'pg'
import { postNeighbours } from '../posts/index.ts'
import { csvColumns, jsonColumns, tagsOfPost } from './export-columns.ts'

export type ExportFormat = 'csv' | 'json' | 'ndjson'

export type ExportSelection = {
  platform?: string | undefined
  kind?: string | undefined
  source?: string | undefined
  /** ISO 8601, UTC: from inclusive, to exclusive. */
  from: string
  to: string
}

/** COPY takes no parameters, so they travel as settings of the transaction, never as SQL. */
const setting = (name: string) => `current_setting('app.export_${name}')`

const postsOf = (columns: string, { platform, kind, source }: ExportSelection) => `
  select ${columns}
  from posts p ${postNeighbours} ${tagsOfPost}
  where p.published_at >= ${setting('from')}::timestamptz
    and p.published_at < ${setting('to')}::timestamptz
    ${platform ? `and p.platform = ${setting('platform')}` : ''}
    ${kind ? `and p.kind = ${setting('kind')}` : ''}
    ${source ? `and p.source_id = ${setting('source')}::bigint` : ''}
  order by p.published_at desc, p.id desc`

/**
 * JSON escapes control characters, so neither this quote nor this delimiter is ever in a row: CSV is
 * then the one format of COPY that leaves a text as it is.
 */
const verbatim = `(format csv, quote E'\\x01', delimiter E'\\x02')`

/** The statement that writes an export, one row of COPY a record. */
export const copyStatement = (format: ExportFormat, selection: ExportSelection): string =>
  format === 'csv'
    ? `copy (${postsOf(csvColumns, selection)}) to stdout with (format csv, header true)`
    : copyRowsStatement(postsOf(jsonColumns, selection))

/** What a SELECT finds, one JSON object a row. */
export const copyRowsStatement = (select: string): string =>
  `copy (select row_to_json(r)::text from (${select}) r) to stdout with ${verbatim}`

/** From now on this transaction sees another workspace. */
export const enterWorkspace = (client: PoolClient, workspaceId: string) =>
  client.query("select set_config('app.workspace_id', $1, true)", [workspaceId])

/**
 * Without a sort the rows come from an index in their order, from the first millisecond on and in the
 * memory of one row; with it the server would write all of them to its disk first. One process of the
 * server an export: the cores are everybody's.
 */
const fixedSettings = {
  enable_sort: 'off',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  timezone: 'UTC',
}

/** Begins the transaction that sees one workspace and may change nothing. */
export async function beginExport(
  client: PoolClient,
  workspaceId: string,
  selection: ExportSelection,
  timeoutMs: number,
): Promise<void> {
  const settings = {
    ...fixedSettings,
    statement_timeout: `${timeoutMs}`,
    'app.workspace_id': workspaceId,
    'app.export_from': selection.from,
    'app.export_to': selection.to,
    ...(selection.platform && { 'app.export_platform': selection.platform }),
    ...(selection.kind && { 'app.export_kind': selection.kind }),
    ...(selection.source && { 'app.export_source': selection.source }),
  }
  await client.query('begin read only')
  await client.query(
    'select set_config(name, value, true) from unnest($1::text[], $2::text[]) x(name, value)',
    [Object.keys(settings), Object.values(settings)],
  )
}
