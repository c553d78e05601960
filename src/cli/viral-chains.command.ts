import type { Command } from 'commander'
import type { ViralChains } from '../features/analytics/index.ts'
import { parsed } from './parsed.ts'
import { type PlatformOptions, platformOption } from './platform-option.ts'
import { type Column, printTable } from './table.ts'
import { wholeNumber } from './whole-number.ts'
import { type WorkspaceOptions, withWorkspace, workspaceOptions } from './workspace.ts'

type Chain = ViralChains['items'][number]
type Options = WorkspaceOptions &
  PlatformOptions & {
    minDepth: number
    minEngagement: number
    days: number
    limit: number
  }

export function viralChainsCommand(program: Command): void {
  const command = program
    .command('viral-chains')
    .description('Chains of answers to answers that are long and engaging')
    .option('--min-depth <n>', 'the least replies of a chain', wholeNumber(1, 1_000_000), 5)
    .option(
      '--min-engagement <n>',
      'the least engagement of its replies',
      wholeNumber(0, 1_000_000_000),
      100,
    )
    .option('--days <n>', 'posts of the last so many days', wholeNumber(1, 3_650), 30)
    .option('--limit <n>', 'how many chains', wholeNumber(1, 50), 10)
    .addOption(platformOption())
  workspaceOptions(command).action(show)
}

const columns: Column<Chain>[] = [
  { title: 'post', of: ({ thread }) => thread.postId },
  { title: 'platform', of: ({ thread }) => thread.platform },
  { title: 'depth', of: ({ depth }) => depth },
  { title: 'engagement', of: ({ engagement }) => engagement },
  { title: 'by', of: ({ nodes }) => nodes[0]?.author?.handle },
  { title: 'begins', of: ({ nodes }) => nodes[0]?.text },
]

async function show(options: Options): Promise<void> {
  const { minDepth, minEngagement, days, limit, platform, json } = options
  const { ChainQuery, findViralChains } = await import('../features/analytics/index.ts')
  const asked = { min_depth: minDepth, min_engagement: minEngagement, days, limit, platform }
  const query = parsed(ChainQuery, asked)
  const found = await withWorkspace('viral-chains', options, (ctx) => findViralChains(ctx, query))
  const empty = `No chain of ${minDepth} replies and ${minEngagement} engagement in this time.`
  printTable(columns, found.items, { json, document: found, empty })
}
