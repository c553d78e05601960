import process from 'node:process'
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { parsed } from './parsed.ts'
import { type PlatformOptions, platformOption } from './platform-option.ts'
import { openProgress } from './progress.ts'
import { type Column, printTable } from './table.ts'
import { wholeNumber } from './whole-number.ts'
import { type WorkspaceOptions, withWorkspace, workspaceOptions } from './workspace.ts'

type TrendingOptions = WorkspaceOptions &
  PlatformOptions & {
    window: number
    k: number
    surprise?: true
    zone: string
    sync?: true
    syncMinutes: number
  }

export function trendingCommand(program: Command): void {
  workspaceOptions(
    program
      .command('trending')
      .description('The most used hashtags of the last minutes, or the most surprising ones')
      .option('--window <minutes>', 'how many minutes', wholeNumber(1, 10_080), 60)
      .option('--k <n>', 'how many hashtags', wholeNumber(1, 100), 10)
      .option('--surprise', 'those that are far more used than is usual at this hour')
      .option('--zone <name>', 'IANA time zone in which --surprise tells hours and days', 'UTC')
      .addOption(platformOption())
      .option('--sync', 'count anew from the posts first')
      .option('--sync-minutes <minutes>', 'how far back', wholeNumber(1, 5_256_000), 120),
  ).action(showTrending)
}

type Tag = {
  hashtag: string
  count: number
  authors?: number | undefined
  z?: number | undefined
  why?: string | undefined
}
const counted: Column<Tag>[] = [
  { title: 'hashtag', of: ({ hashtag }) => `#${hashtag}` },
  { title: 'posts', of: ({ count }) => count },
]
const surprising: Column<Tag>[] = [
  ...counted,
  { title: 'authors', of: ({ authors }) => authors },
  { title: 'z', of: ({ z }) => z, digits: 1 },
  { title: 'why', of: ({ why }) => why },
]

const showTrending = (options: TrendingOptions) =>
  withWorkspace('trending', options, async (ctx, workspace) => {
    const { answerTrending, TrendingQuery } = await import('../features/hashtags/index.ts')
    const { window, k, surprise, zone, platform, sync, syncMinutes, json } = options
    const query = parsed(TrendingQuery, {
      window_minutes: window,
      k,
      by: surprise ? 'surprise' : 'count',
      platform,
      zone,
    })
    const synced = sync ? await countAnew(ctx, workspace.workspaceId, syncMinutes) : null
    const document = { ...(await answerTrending(ctx, workspace, query)), ...(synced && { synced }) }
    if (synced && !json) process.stdout.write(`${synced.hours} hours were counted anew.\n`)
    printTable<Tag>(surprise ? surprising : counted, document.hashtags, {
      json,
      document,
      empty: surprise ? nothingSurprising(document.reason) : 'No hashtag was used in this window.',
    })
  })

/** Years have many hours. */
async function countAnew(ctx: Context, workspaceId: string, minutes: number) {
  const { syncTags } = await import('../features/hashtags/index.ts')
  const progress = openProgress('Counting hours')
  return syncTags(ctx, { workspaceId, minutes }, progress.to).finally(progress.end)
}

const nothingSurprising = (reason?: string | null) =>
  reason === 'history_too_short'
    ? 'Less than a day was observed: nobody can say what is usual yet.'
    : 'Nothing is used far more than is usual at this hour.'
