import process from 'node:process'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { Instant } from '../core/instant.ts'
import type { Seeded } from '../features/seeding/index.ts'
import { openProgress } from './progress.ts'
import { withContext } from './users/with-context.ts'
import { wholeNumber } from './whole-number.ts'

const write = (line: string) => process.stdout.write(`${line}\n`)

type Options = {
  shape: 'community' | 'newsroom'
  users?: number
  posts?: number
  hashtags: number
  authors: number
  engagements: number
  seed: number
  epoch: number
  workspace?: string
  owner?: string
  replace?: true
  digest?: true
  json?: true
}

/** A world that ends before the year 2001 or after 2100 would have dates that nobody means. */
function moment(text: string): number {
  const parsed = Instant.safeParse(text)
  const ms = parsed.success ? Date.parse(parsed.data) : Number.NaN
  if (ms >= Date.UTC(2001, 0) && ms <= Date.UTC(2100, 0)) return ms
  throw new InvalidArgumentError('must be a time like 2026-01-01T00:00:00Z')
}

const sizes = {
  community: { users: 1_000, posts: 10_000 },
  newsroom: { users: 5_000, posts: 30_000 },
}

export function seedCommand(program: Command): void {
  program
    .command('seed')
    .description('Fill a workspace with a made-up world, the same for the same options')
    .addOption(
      new Option('--shape <shape>', 'which world')
        .choices(['community', 'newsroom'])
        .default('community'),
    )
    .option('--users <n>', 'people (1000; newsroom: 5000 readers)', wholeNumber(10, 1_000_000))
    .option('--posts <n>', 'posts (10000; newsroom: 30000)', wholeNumber(1, 2_000_000))
    .option('--hashtags <n>', 'hashtags', wholeNumber(1, 10_000), 150)
    .option('--authors <n>', 'who writes in the newsroom', wholeNumber(1, 10_000), 50)
    .option('--engagements <n>', 'of the newsroom', wholeNumber(0, 10_000_000), 50_000)
    .option('--seed <n>', 'another number, another world', wholeNumber(0, 2 ** 31 - 1), 1337)
    .addOption(
      new Option('--epoch <time>', 'the moment that the world ends at')
        .argParser(moment)
        .default(Date.UTC(2026, 0), '2026-01-01T00:00:00Z'),
    )
    .option('--workspace <id>', 'which one to fill; the one called Seeded when left out')
    .option('--owner <address>', 'whose the workspace Seeded is; the oldest account when left out')
    .option('--replace', 'write a seeded workspace anew')
    .option('--digest', 'print the SHA-256 of what was written')
    .option('--json', 'one JSON document in place of words')
    .action(seed)
}

async function seed({ workspace, owner, digest, json, epoch, ...options }: Options): Promise<void> {
  const started = performance.now()
  const progress = openProgress('Writing posts')
  const { digestOf, openSeededWorkspace, seedWorkspace } = await import(
    '../features/seeding/index.ts'
  )
  await withContext('seed', async (ctx) => {
    const workspaceId = await openSeededWorkspace(ctx, { workspace, owner })
    const { users, posts } = sizes[options.shape]
    const replace = options.replace === true
    const wanted = { users, posts, ...options, epochMs: epoch, replace }
    const made = await seedWorkspace(ctx, workspaceId, wanted, progress.to).finally(progress.end)
    const seconds = Math.round((performance.now() - started) / 100) / 10
    const { forWorkspace } = await import('../database/database.ts')
    const sha256 = digest ? await digestOf(forWorkspace(ctx.em, workspaceId)) : undefined
    if (json) return void write(JSON.stringify({ workspaceId, ...made, seconds, sha256 }, null, 2))
    write(wordsOf(workspaceId, made, seconds))
    if (sha256) write(`SHA-256 ${sha256}`)
  })
}

const wordsOf = (workspaceId: string, made: Seeded, seconds: number) =>
  `Workspace ${workspaceId} has ${made.posts} posts and ${made.comments} comments by ` +
  `${made.authors} people in ${made.sources} sources, with ${made.samples} samples ` +
  `(${seconds} s).`
