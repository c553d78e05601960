import { type Command, Option } from 'commander'
import { share, tag } from './option-values.ts'
import { parsed } from './parsed.ts'
import { type PlatformOptions, platformOption } from './platform-option.ts'
import { type Column, printTable } from './table.ts'
import { wholeNumber } from './whole-number.ts'
import { type WorkspaceOptions, withWorkspace, workspaceOptions } from './workspace.ts'

type Tag = { hashtag: string; count: number }
const counted: Column<Tag>[] = [
  { title: 'hashtag', of: ({ hashtag }) => `#${hashtag}` },
  { title: 'posts', of: ({ count }) => count },
]

export function hashtagsCommand(program: Command): void {
  recommendCommand(program)
  topCommand(program)
  growingCommand(program)
}

type RecommendOptions = WorkspaceOptions & {
  hashtag: string
  minRate: number
  minSupport: number
  days: number
  limit: number
  sort: 'rate' | 'lift' | 'npmi'
}

function recommendCommand(program: Command): void {
  workspaceOptions(
    program
      .command('recommend')
      .description('Hashtags that stand beside one')
      .requiredOption('--hashtag <tag>', 'with or without #', tag)
      .option('--min-rate <share>', 'of its posts, at least', share, 0.1)
      .option('--min-support <n>', 'posts with both, at least', wholeNumber(1, 1_000_000), 3)
      .option('--days <n>', 'how far back', wholeNumber(1, 3_650), 90)
      .option('--limit <n>', 'how many', wholeNumber(1, 100), 10)
      .addOption(
        new Option('--sort <by>', 'the order').choices(['rate', 'lift', 'npmi']).default('rate'),
      ),
  ).action(showRecommendations)
}

const showRecommendations = (options: RecommendOptions) =>
  withWorkspace('recommend', options, async (ctx) => {
    const { answerRecommendations, RecommendQuery } = await import('../features/hashtags/index.ts')
    const { hashtag, minRate, minSupport, days, limit, sort, json } = options
    const query = parsed(RecommendQuery, {
      target_hashtag: hashtag,
      min_cooccurrence_rate: minRate,
      min_support: minSupport,
      days,
      limit,
      sort,
    })
    const document = await answerRecommendations(ctx, query)
    printTable(
      [
        { title: 'hashtag', of: (row) => `#${row.hashtag}` },
        { title: 'rate', of: (row) => row.cooccurrence_rate, digits: 3 },
        { title: 'low', of: (row) => row.rate_low, digits: 3 },
        { title: 'high', of: (row) => row.rate_high, digits: 3 },
        { title: 'posts', of: (row) => row.support },
        { title: 'lift', of: (row) => row.lift, digits: 2 },
        { title: 'npmi', of: (row) => row.npmi, digits: 2 },
      ],
      document.recommendations,
      { json, document, empty: 'No hashtag stands beside it often enough.' },
    )
  })

function topCommand(program: Command): void {
  workspaceOptions(
    program
      .command('top-hashtags')
      .description('The hashtags with the most posts of all time')
      .option('--limit <n>', 'how many', wholeNumber(1, 100), 20)
      .addOption(platformOption()),
  ).action(showTop)
}

type TopOptions = WorkspaceOptions & PlatformOptions & { limit: number }

const showTop = (options: TopOptions) =>
  withWorkspace('top-hashtags', options, async (ctx) => {
    const { answerTopTags, TopTagsQuery } = await import('../features/hashtags/index.ts')
    const { limit, platform, json } = options
    const document = await answerTopTags(ctx, parsed(TopTagsQuery, { limit, platform }))
    printTable(counted, document.hashtags, { json, document, empty: 'There is no hashtag.' })
  })

type GrowingOptions = WorkspaceOptions &
  PlatformOptions & { hours: number; limit: number; minCount: number }

function growingCommand(program: Command): void {
  workspaceOptions(
    program
      .command('fastest-growing')
      .description('Hashtags that grew most against the window before')
      .option('--hours <n>', 'the window', wholeNumber(1, 720), 24)
      .option('--limit <n>', 'how many', wholeNumber(1, 100), 15)
      .option('--min-count <n>', 'posts in the window, at least', wholeNumber(1, 1_000_000), 5)
      .addOption(platformOption()),
  ).action(showGrowing)
}

const showGrowing = (options: GrowingOptions) =>
  withWorkspace('fastest-growing', options, async (ctx) => {
    const { answerGrowing, GrowingQuery } = await import('../features/hashtags/index.ts')
    const { hours, limit, minCount, platform, json } = options
    const query = parsed(GrowingQuery, { hours, limit, min_count: minCount, platform })
    const document = await answerGrowing(ctx, query)
    printTable(
      [
        { title: 'hashtag', of: (row) => `#${row.hashtag}` },
        { title: 'posts', of: (row) => row.count },
        { title: 'before', of: (row) => row.count_before },
        { title: 'times', of: (row) => row.growth, digits: 1 },
        { title: 'at least', of: (row) => row.growth_low, digits: 1 },
      ],
      document.hashtags,
      { json, document, empty: nothingGrew(document.reason) },
    )
  })

const nothingGrew = (reason: string | null | undefined) =>
  reason
    ? 'The windows were not observed enough to be compared.'
    : 'Nothing grew beyond what chance explains.'
