import type { Command } from 'commander'
import type { TopUsers } from '../features/analytics/index.ts'
import { type PlatformOptions, platformOption } from './platform-option.ts'
import { type Column, printTable } from './table.ts'
import { wholeNumber } from './whole-number.ts'
import { type WorkspaceOptions, withWorkspace, workspaceOptions } from './workspace.ts'

type Options = WorkspaceOptions & PlatformOptions & { limit: number }

export function topUsersCommand(program: Command): void {
  const command = program
    .command('top-users')
    .description('Authors by engagement of all time')
    .option('--limit <n>', 'how many', wholeNumber(1, 100), 10)
    .addOption(platformOption())
  workspaceOptions(command).action(show)
}

const columns: Column<TopUsers['users'][number]>[] = [
  { title: 'User', of: ({ username }) => username },
  { title: 'Platform', of: ({ platform }) => platform },
  { title: 'Engagement', of: ({ total_engagement: total }) => total },
  { title: 'Posts', of: ({ post_count: posts }) => posts },
  { title: 'A post', of: ({ avg_engagement_per_post: average }) => average, digits: 2 },
]

async function show({ limit, platform, ...options }: Options): Promise<void> {
  const { topUsers } = await import('../features/analytics/index.ts')
  await withWorkspace('top-users', options, async (ctx) => {
    const found = await topUsers(ctx, { limit, platform })
    printTable(columns, found.users, {
      json: options.json,
      document: found,
      empty: 'Nobody has posted yet.',
    })
  })
}
