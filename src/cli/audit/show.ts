import { z } from 'zod'
import { AppError } from '../../core/errors.ts'
import { AdminAuditFilter, type AuditRow, findAllAudit } from '../../features/audit/index.ts'
import { withContext } from '../users/with-context.ts'

const write = (line: string) => process.stdout.write(`${line}\n`)

type Options = {
  workspace?: string
  action?: string
  since?: string
  limit?: string
  json?: true
}

const columns = [
  'when',
  'workspace',
  'what',
  'outcome',
  'who',
  'object',
  'from',
  'details',
] as const

export async function show({ workspace, action, since, limit, json }: Options): Promise<void> {
  const parsed = AdminAuditFilter.safeParse({
    ...(workspace && { workspace }),
    ...(action && { action }),
    ...(since && { from: since }),
    limit,
  })
  if (!parsed.success) throw new AppError('invalid_input', z.prettifyError(parsed.error))
  const { items } = await withContext('audit show', (ctx) => findAllAudit(ctx.em, parsed.data))
  if (json) for (const row of items) write(JSON.stringify(row))
  else printTable(items)
}

const whoOf = ({ actor_kind, actor_id, actor_email }: AuditRow) =>
  actor_email ?? (actor_id === null ? actor_kind : `${actor_kind} ${actor_id}`)

const cellsOf = (row: AuditRow): string[] => [
  `${row.at.slice(0, 19)}Z`,
  row.workspace_id ?? '-',
  row.action,
  row.outcome,
  whoOf(row),
  row.object_kind === null ? '-' : `${row.object_kind} ${row.object_id}`,
  row.personal?.ip ?? '-',
  Object.entries(row.details)
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(' '),
]

/** What came over the wire must not move somebody's cursor. */
const plain = (text: string) => text.replace(/\p{C}/gu, '?')

function printTable(items: AuditRow[]): void {
  const lines = [[...columns], ...items.map((row) => cellsOf(row).map(plain))]
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  for (const line of lines) {
    write(
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  }
  if (items.length === 0) write('Nothing was written down.')
}
