import { setTimeout as wait } from 'node:timers/promises'
import { contextOf } from '../src/compose.ts'
import { taskOrigin } from '../src/core/origin.ts'
import { forWorkspace } from '../src/database/database.ts'
import { createProfile } from '../src/features/credentials/credentials.service.ts'
import { addSources } from '../src/features/monitoring/add-sources.service.ts'
import { type PlatformId, platformIds } from '../src/platforms/index.ts'
import { type BenchChild, startProgram } from './child.ts'
import { type BenchEnvironment, openBenchEnvironment } from './environment.ts'
import { type Bench, type Figure, figure, percentile } from './figure.ts'

const profilesEach = 5
const sourcesEach = 50
const jobs = platformIds.length * profilesEach * sourcesEach
const windowS = 60
const minute = 60_000

const credentials = (id: PlatformId, n: number): Record<string, string> => {
  const app = { clientId: `sandbox-b${n}`, clientSecret: `sandbox-secret-b${n}` }
  if (id === 'twitter') return { bearerToken: `sandbox-bearer-b${n}` }
  if (id === 'youtube') return { apiKey: `sandbox-key-b${n}` }
  return id === 'reddit' ? { ...app, userAgent: `earshot-bench/${n}` } : app
}

async function handlesOf(url: string, id: PlatformId): Promise<string[]> {
  const response = await fetch(`${url}/__sandbox/sources?platform=${id}`)
  return ((await response.json()) as { handle: string }[]).map((one) => one.handle)
}

/** Twenty workspaces, each with one profile and its sources, by the same services as the API. */
async function populate(environment: BenchEnvironment, sandboxUrl: string): Promise<string[]> {
  const workspaces: string[] = []
  for (const id of platformIds) {
    const handles = (await handlesOf(sandboxUrl, id)).slice(0, sourcesEach + 15)
    for (let n = 0; n < profilesEach; n += 1) {
      const { rows } = await environment.owner.query(
        `insert into workspaces (name, created_at) values ('bench', now()) returning id`,
      )
      const workspaceId = String(rows[0].id)
      const base = contextOf(
        environment.parts,
        AbortSignal.timeout(10 * minute),
        taskOrigin('bench'),
      )
      const ctx = { ...base, em: forWorkspace(base.em, workspaceId) }
      const limits = id === 'twitter' ? { micro_dollars: 1_000_000_000_000 } : {}
      const profile = await createProfile(ctx, workspaceId, {
        platform: id,
        name: 'bench',
        credentials: credentials(id, n),
        limits,
      })
      await addSources(ctx, { profileId: profile.id, handles, watch: {} })
      const client = await environment.inWorkspace(workspaceId)
      await client.query(
        'delete from sources where id not in (select id from sources order by id limit $1)',
        [sourcesEach],
      )
      workspaces.push(workspaceId)
    }
  }
  return workspaces
}

type Run = { late: number; done: number; status: string }

/** Spreads every job over the next minute and waits until all of them have run. */
async function runDueMinute(environment: BenchEnvironment, workspaces: string[]): Promise<Run[]> {
  const from = new Date(Date.now() + 3_000)
  const runs: Run[] = []
  const clients = await Promise.all(workspaces.map((id) => environment.inWorkspace(id)))
  for (const client of clients) {
    await client.query('delete from sample_schedule')
    await client.query(
      `update monitoring_jobs set next_run_at = $1::timestamptz + random() * interval '${windowS} seconds'`,
      [from],
    )
  }
  for (const client of clients) {
    for (;;) {
      const { rows } = await client.query(
        `select extract(epoch from e.started_at - e.scheduled_for)::float8 as late,
           extract(epoch from e.completed_at - e.scheduled_for)::float8 as done, e.status
         from job_executions e where e.scheduled_for >= $1`,
        [from],
      )
      const { rows: left } = await client.query(
        `select count(*)::int as n from monitoring_jobs where next_run_at <= $1::timestamptz + interval '${windowS} seconds'`,
        [from],
      )
      if (left[0].n === 0) {
        runs.push(...rows)
        break
      }
      await wait(500)
    }
  }
  return runs
}

async function untilFirstRound(environment: BenchEnvironment, workspaces: string[]): Promise<void> {
  for (const id of workspaces) {
    const client = await environment.inWorkspace(id)
    for (;;) {
      const { rows } = await client.query(
        'select count(*)::int as n from monitoring_jobs where next_run_at <= now()',
      )
      if (rows[0].n === 0) break
      await wait(500)
    }
  }
  for (;;) {
    const client = await environment.inWorkspace('0')
    const { rows } = await client.query('select unscored_posts from operations_counts(now())')
    if (Number(rows[0].unscored_posts) === 0) return
    await wait(1_000)
  }
}

export const punctuality: Bench = {
  name: 'punctuality',
  summary: `${jobs} jobs of ${platformIds.length * profilesEach} profiles due within one minute`,
  run: async (say): Promise<Figure[]> => {
    const children: BenchChild[] = []
    const sandbox = await startProgram(
      ['sandbox/main.ts'],
      { SANDBOX_PORT: '0' },
      /"url":"(http:[^"]+)"/,
    )
    children.push(sandbox)
    const environment = await openBenchEnvironment({
      PLATFORM_URL: sandbox.matched,
      FIRST_RUN_POSTS: '10',
      PLATFORM_TIMEOUT_MS: '60000',
    })
    try {
      const workspaces = await populate(environment, sandbox.matched)
      say('sources are there; the first round fills the database')
      const variables = { ...environment.variables, LOG_LEVEL: 'info', WORKER_PORT: '0' }
      children.push(await startProgram(['workers/main.ts'], variables, /workers are ready/))
      await untilFirstRound(environment, workspaces)
      say('the measured minute')
      const runs = await runDueMinute(environment, workspaces)
      const late = runs.map((run) => run.late)
      const failed = runs.filter(({ status }) => status !== 'success').length
      const told = { unit: 's', better: 'lower', goal: null } as const
      return [
        figure({ ...told, name: 'punctuality.jobs', value: runs.length, unit: 'jobs' }),
        figure({ ...told, name: 'punctuality.not_successful', value: failed, unit: 'jobs' }),
        figure({ ...told, name: 'punctuality.started_late.p50', value: percentile(late, 0.5) }),
        figure({
          ...told,
          name: 'punctuality.started_late.p99',
          value: percentile(late, 0.99),
          goal: 2,
        }),
        figure({
          ...told,
          name: 'punctuality.stored_late.p99',
          value: percentile(
            runs.map((run) => run.done),
            0.99,
          ),
        }),
      ]
    } finally {
      for (const child of children.toReversed()) await child.stop()
      await environment.close()
    }
  },
}
