import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { loadConfig } from '../../config/config.ts'
import { platformIds, platforms } from '../../platforms/index.ts'
import { signIn } from './account.ts'
import type { Api } from './api.ts'
import { type DemoProcesses, startProcesses } from './processes.ts'
import { type Exported, exportPosts, type Overview, waitForRound } from './round.ts'
import { offeredSources, type Watched, watchPlatform } from './watch.ts'

export type DemoOptions = {
  once?: boolean
  world?: string
  sources: number
  posts: number
  port?: number
  timeout: number
}

const say = (line: string) => process.stdout.write(`${line}\n`)

/** Overwrites one line on a terminal; elsewhere it says nothing until the end. */
function progress(overview: Overview): void {
  if (!process.stdout.isTTY) return
  const { activeJobs, jobsWaiting, posts, scoredPosts, unscoredPosts } = overview
  const ran = activeJobs - jobsWaiting
  process.stdout.write(
    `\r\u001b[2K  ${ran}/${activeJobs} sources collected, ${posts} posts, ${scoredPosts} scored, ${unscoredPosts} to score`,
  )
}

/** The port people expect when it is free, or any other. */
async function portFor(asked: number | undefined, usual: number): Promise<number> {
  if (asked !== undefined) return asked
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(0))
    probe.listen(usual, '127.0.0.1', () => probe.close(() => resolve(usual)))
  })
}

async function watchAll(api: Api, sandboxUrl: string, most: number): Promise<Watched[]> {
  const offered = await offeredSources(sandboxUrl, most)
  const watched = await Promise.all(platformIds.map((id) => watchPlatform(api, id, offered)))
  for (const { platform, asked, created, refused } of watched) {
    const gone = refused > 0 ? ` (${refused} of ${asked} do not exist, as in real life)` : ''
    say(
      `  ${platforms[platform].name}: ${created} ${platforms[platform].sourceKind}s watched${gone}`,
    )
  }
  return watched
}

function summarise(overview: Overview, exported: Exported, file: string, seconds: number): void {
  say('')
  say('First round complete')
  const lines: [string, string | number][] = [
    ['sources', overview.sources],
    ['posts', overview.posts],
    ['samples', overview.samples],
    ['scored texts', overview.scoredPosts],
    ['failing jobs', overview.failingJobs],
    ['CSV rows', exported.rows],
    ['CSV file', file],
    ['coverage', exported.coverage ?? 'not stated'],
    ['seconds', seconds.toFixed(1)],
  ]
  for (const [name, value] of lines) say(`  ${name.padEnd(13)} ${value}`)
}

type PostPage = { items: unknown[] }
type JobPage = { items: { lastError: string | null; failures: number }[] }

/** Why a platform brought nothing, by one of its jobs. */
async function silence(api: Api, platform: string): Promise<string | null> {
  const posts = await api.get<PostPage>(`/api/posts?platform=${platform}&limit=1`)
  if (posts.items.length > 0) return null
  const jobs = await api.get<JobPage>(`/api/jobs?platform=${platform}&limit=50`)
  const failed = jobs.items.find(({ failures }) => failures > 0)
  return `nothing was collected from ${platform}${failed ? `: ${failed.lastError}` : ''}`
}

/** What of the round fell short, in words; empty when all of it holds. */
async function shortfalls(
  api: Api,
  watched: Watched[],
  { before, after }: { before: Overview; after: Overview },
  exported: Exported,
): Promise<string[]> {
  const silent = await Promise.all(watched.map(({ platform }) => silence(api, platform)))
  const short = silent.filter((line) => line !== null)
  if (after.scoredPosts === 0) short.push('no text was scored')
  // Collection goes on while the export runs: it holds what was there before, and nothing unheard of.
  if (exported.rows < before.posts || exported.rows > after.posts) {
    const range = `${before.posts} to ${after.posts}`
    short.push(`the export has ${exported.rows} rows, the database had ${range} posts meanwhile`)
  }
  return short
}

async function runRound(
  options: DemoOptions,
  running: DemoProcesses,
  folder: string,
  started: number,
) {
  const { api, account } = await signIn(running.apiUrl, folder)
  say(`Signed in as ${account.email}`)
  const watched = await watchAll(api, running.sandboxUrl, options.sources)
  const deadline = AbortSignal.timeout(options.timeout * 1_000)
  const before = await Promise.race([waitForRound(api, progress, deadline), running.failed])
  if (process.stdout.isTTY) say('')
  const file = join(folder, 'posts.csv')
  const exported = await exportPosts(api, file)
  const after = await api.get<Overview>('/api/overview')
  summarise(after, exported, file, (performance.now() - started) / 1_000)
  return { short: await shortfalls(api, watched, { before, after }, exported), account }
}

/** Runs the demo; the exit code says whether its first round was whole. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const started = performance.now()
  const config = loadConfig()
  // Another world's sources are other sources: they get a database of their own.
  const folder = join(config.dataFolder, options.world ? 'demo-world' : 'demo')
  await mkdir(folder, { recursive: true })
  say(
    config.database.url ? 'Using the database of DATABASE_URL' : 'Starting the embedded PostgreSQL',
  )
  const running = await startProcesses({
    folder,
    dataFolder: folder,
    world: options.world ? resolve(options.world) : null,
    port: await portFor(options.port, config.http.port),
    firstRunPosts: options.posts,
    say,
  })
  try {
    const { short, account } = await runRound(options, running, folder, started)
    for (const line of short) say(`  FAILED: ${line}`)
    if (options.once || short.length > 0) return short.length > 0 ? 1 : 0
    say('')
    say(
      `Open ${running.apiUrl}/docs   sign in as ${account.email}, password in ${folder}/account.json`,
    )
    say('Collection goes on; Ctrl-C stops everything.')
    await Promise.race([stopAsked(), running.failed])
    return 0
  } catch (error) {
    process.stderr.write(`The demo failed: ${(error as Error).message}\n`)
    return 1
  } finally {
    await running.stop()
  }
}

const stopAsked = (): Promise<void> =>
  new Promise((done) => {
    process.once('SIGINT', () => done())
    process.once('SIGTERM', () => done())
  })
