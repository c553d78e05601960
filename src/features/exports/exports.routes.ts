import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import { recordAudit } from '../../audit/audit.ts'
import { type StreamRoute, streamRoute } from '../../http/route.ts'
import {
  coverageHeader,
  coverageHeaderMeaning,
  periodOf,
  summarizeCoverage,
} from '../coverage/index.ts'
import { columnNames } from './export-columns.ts'
import type { ExportFormat, ExportSelection } from './exports.queries.ts'
import { ExportFilter } from './exports.schemas.ts'
import { exportPosts } from './exports.service.ts'

const contentTypes: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
}

/** A reader that takes nothing for so long is gone, even where its connection is not. */
const stallMs = 60_000

const filename = (format: ExportFormat, { platform, from, to }: ExportSelection) =>
  `earshot-posts-${platform ? `${platform}-` : ''}${from.slice(0, 10)}-to-${to.slice(0, 10)}.${format}`

/** How a stream or a wait says that the other end closed, rather than that something failed here. */
const endings = ['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED', 'ABORT_ERR']
const hasGone = (error: unknown) =>
  error instanceof Error && 'code' in error && endings.includes(String(error.code))

type Stream = StreamRoute<'user', undefined, typeof ExportFilter>['stream']

const streamOf =
  (format: ExportFormat): Stream =>
  async ({ ctx, actor, query, request, response }) => {
    const { platform, kind, source } = query
    const period = periodOf(query, ctx.clock.now())
    const selection = { platform, kind, source, ...period }
    const coverage = coverageHeader(await summarizeCoverage(ctx.em, selection))
    const sendHead = () => head(response, format, { selection, coverage })
    if (request.method === 'HEAD') {
      sendHead().end()
      return
    }
    const { workspaceId } = actor
    try {
      await exportPosts(ctx, { workspaceId, format, selection }, async (file) => {
        // Before the first byte leaves: nothing is taken out of which no row tells.
        await recordAudit(ctx, {
          action: 'export.taken',
          workspaceId,
          details: {
            ...{ format, ...period, platform: platform ?? null },
            ...{ source: source ?? null, ...(kind && { kind }) },
          },
        })
        response.setTimeout(stallMs, () => response.destroy())
        await pipeline(file, sendHead())
      })
    } catch (error) {
      if (!hasGone(error)) throw error
      ctx.log.info({ format }, 'the client left during an export')
    }
  }

const head = (
  response: Response,
  format: ExportFormat,
  { selection, coverage }: { selection: ExportSelection; coverage: string },
) =>
  response.status(200).set({
    'Content-Type': contentTypes[format],
    'Content-Disposition': `attachment; filename="${filename(format, selection)}"`,
    'X-Coverage': coverage,
  })

const forms: Record<ExportFormat, string> = {
  csv:
    'RFC 4180 in UTF-8: a header row, CRLF after each record, quotes where needed. Hashtags and ' +
    'mentions are separated by spaces. An empty cell is a figure or text that is not there. A text ' +
    "cell that begins with = + - @, a tab, a line break or a wide form of the four (also behind ' " +
    "signs of its own) has one ' put in front, so that no spreadsheet runs it: take one ' off such " +
    'a cell to have the text back. Numbers are left alone.',
  json: 'One array with one object a post.',
  ndjson: 'One JSON object a line, one line a post.',
}

const exportRoute = (format: ExportFormat) =>
  streamRoute({
    method: 'get',
    path: `/api/export/posts.${format}`,
    tag: 'Export',
    summary: `Posts as ${format.toUpperCase()}, newest first`,
    description:
      `${forms[format]} Fields, in this order: ${columnNames.join(', ')}. Times are ISO 8601 in UTC. ` +
      'The file is streamed; one that breaks off ends in a broken connection, never in a short file. ' +
      'At most two exports of a workspace run at once (429), and four of all (503). ' +
      `${coverageHeaderMeaning}`,
    access: 'user',
    // All there is in one file: an API token that may read need not be able to carry it all away.
    scope: 'export',
    query: ExportFilter,
    produces: [contentTypes[format].split(';')[0] ?? ''],
    stream: streamOf(format),
  })

export const exportRoutes = [exportRoute('csv'), exportRoute('json'), exportRoute('ndjson')]
