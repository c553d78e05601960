import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { contextOf } from '../src/compose.ts'
import { taskOrigin } from '../src/core/origin.ts'
import { forWorkspace } from '../src/database/database.ts'
import { createProfile } from '../src/features/credentials/credentials.service.ts'
import { collectProfile } from '../src/features/monitoring/index.ts'
import { type BenchEnvironment, openBenchEnvironment } from './environment.ts'
import { type Bench, type Figure, figure, median } from './figure.ts'
import { insertRows, type RowBatches, readRows } from './ingest/bare-sql.ts'

const subreddits = 200
const postsEach = 100
const rounds = 3

async function newWorkspace(environment: BenchEnvironment): Promise<string> {
  const { rows } = await environment.owner.query(
    `insert into workspaces (name, created_at) values ('bench', now()) returning id`,
  )
  return String(rows[0].id)
}

/** A workspace with a Reddit profile that really opens, its subreddits, and a due job for each. */
async function prepare(environment: BenchEnvironment) {
  const workspaceId = await newWorkspace(environment)
  const ctx = contextOf(environment.parts, new AbortController().signal, taskOrigin('bench'))
  const em = forWorkspace(ctx.em, workspaceId)
  const profile = await createProfile({ ...ctx, em }, workspaceId, {
    platform: 'reddit',
    name: 'bench',
    credentials: {
      clientId: 'bench',
      clientSecret: 'bench-secret',
      userAgent: 'earshot-bench/1.0',
    },
    limits: { requests: 1_000_000 },
  })
  const client = await environment.inWorkspace(workspaceId)
  await client.query(
    `with made as (
       insert into sources (workspace_id, profile_id, platform, handle, external_id, url, created_at)
       select $1, $2, 'reddit', 'bench' || n, 't5_bench' || n, 'https://example.org', now()
       from generate_series(0, $3 - 1) n returning id)
     insert into monitoring_jobs (workspace_id, source_id, profile_id, interval_minutes, next_run_at,
       created_at, updated_at)
     select $1, id, $2, 60, now(), now(), now() from made`,
    [workspaceId, profile.id, subreddits],
  )
  return { ctx, workspaceId, profileId: profile.id, client }
}

/** Posts a second by the product: HTTP, JSON, checks, mapping, transactions, everything. */
async function wholePath(
  environment: BenchEnvironment,
): Promise<{ rate: number; rows: RowBatches }> {
  const { ctx, workspaceId, profileId, client } = await prepare(environment)
  const started = performance.now()
  const run = await collectProfile(ctx, workspaceId, profileId)
  const seconds = (performance.now() - started) / 1_000
  if (run.posts !== subreddits * postsEach) {
    throw new Error(
      `collected ${run.posts} posts of ${subreddits * postsEach} (${run.failed} failed)`,
    )
  }
  return { rate: run.posts / seconds, rows: await readRows(client) }
}

async function bareSql(environment: BenchEnvironment, rows: RowBatches): Promise<number> {
  const { workspaceId, client } = await prepare(environment)
  const started = performance.now()
  await insertRows(client, workspaceId, rows)
  return (subreddits * postsEach) / ((performance.now() - started) / 1_000)
}

async function cannedReddit() {
  const child = spawn(
    process.execPath,
    ['bench/ingest/canned-reddit.ts', String(subreddits), String(postsEach)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { url: line.toString().trim(), stop: () => child.kill('SIGTERM') }
}

export const ingest: Bench = {
  name: 'ingest',
  summary: `${subreddits * postsEach} new posts through the whole path, over the same rows by bare batched SQL`,
  run: async (say): Promise<Figure[]> => {
    const reddit = await cannedReddit()
    const environment = await openBenchEnvironment({
      PLATFORM_URL: reddit.url,
      FIRST_RUN_POSTS: String(postsEach),
    })
    try {
      const ours: number[] = []
      const bare: number[] = []
      const ratios: number[] = []
      await wholePath(environment)
      for (let round = 0; round < rounds; round += 1) {
        const whole = await wholePath(environment)
        const reference = await bareSql(environment, whole.rows)
        ours.push(whole.rate)
        bare.push(reference)
        ratios.push(whole.rate / reference)
        say(`${Math.round(whole.rate)} posts/s, bare ${Math.round(reference)} posts/s`)
      }
      const told = { goal: null, better: 'higher' } as const
      return [
        figure({ name: 'ingest.whole_path', value: median(ours), unit: 'posts/s', ...told }),
        figure({ name: 'ingest.bare_sql', value: median(bare), unit: 'posts/s', ...told }),
        figure({
          name: 'ingest.ratio',
          value: median(ratios),
          unit: 'x',
          goal: 0.5,
          better: 'higher',
        }),
      ]
    } finally {
      await environment.close()
      reddit.stop()
    }
  },
}
