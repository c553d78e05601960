import type { Command } from 'commander'
import type { DepthAnalysis } from '../features/analytics/index.ts'
import { parsed } from './parsed.ts'
import { type PlatformOptions, platformOption } from './platform-option.ts'
import { type Column, printTable } from './table.ts'
import { wholeNumber } from './whole-number.ts'
import { type WorkspaceOptions, withWorkspace, workspaceOptions } from './workspace.ts'

type Thread = DepthAnalysis['deepest'][number]
type Options = WorkspaceOptions & PlatformOptions & { days: number; limit: number }

export function commentDepthsCommand(program: Command): void {
  const command = program
    .command('comment-depths')
    .description('How deep, large, broad and viral comment threads are')
    .option('--days <n>', 'posts of the last so many days', wholeNumber(1, 3_650), 30)
    .option('--limit <n>', 'how many of the deepest threads to list', wholeNumber(1, 10), 10)
    .addOption(platformOption())
  workspaceOptions(command).action(show)
}

const columns: Column<Thread>[] = [
  { title: 'post', of: ({ postId }) => postId },
  { title: 'platform', of: ({ platform }) => platform },
  { title: 'comments', of: ({ size }) => size - 1 },
  { title: 'depth', of: ({ depth }) => depth },
  { title: 'breadth', of: ({ breadth }) => breadth },
  { title: 'virality', of: ({ virality }) => virality.value, digits: 2 },
  { title: 'missing', of: ({ missing }) => missing },
  { title: 'title', of: ({ title }) => title },
]

async function show(options: Options): Promise<void> {
  const { days, limit, platform, json } = options
  const { analyzeDepths, DepthQuery } = await import('../features/analytics/index.ts')
  const query = parsed(DepthQuery, { days, platform })
  const found = await withWorkspace('comment-depths', options, (ctx) => analyzeDepths(ctx, query))
  const deepest = found.deepest.slice(0, limit)
  if (!json) printSpread(found)
  const empty = 'No thread of this time was read: switch comments on for a source first.'
  printTable(columns, deepest, { json, document: found, empty })
}

type Row = { name: string; spread: DepthAnalysis['depth'] }

function printSpread(found: DepthAnalysis): void {
  if (found.threads === 0) return
  const rows: Row[] = [
    { name: 'depth', spread: found.depth },
    { name: 'size', spread: found.size },
    { name: 'breadth', spread: found.breadth },
    { name: 'structural virality', spread: found.virality },
  ]
  printTable<Row>(
    [
      { title: `${found.threads} threads`, of: ({ name }) => name },
      { title: 'mean', of: ({ spread }) => spread.mean.value, digits: 2 },
      { title: 'median', of: ({ spread }) => spread.median.value, digits: 2 },
      { title: 'max', of: ({ spread }) => spread.max.value, digits: 2 },
    ],
    rows,
  )
  process.stdout.write(`${found.incomplete} of them are not whole\n\n`)
}
