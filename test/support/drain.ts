import pg from 'pg'
import type { TestApp } from './app.ts'
import { until } from './until.ts'

/** SQL as the application in the workspace of one person. */
export async function openTenant(ownerUrl: string, email: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  const { rows } = await client.query(
    `select workspace_id from memberships m join users u on u.id = m.user_id where u.email = $1`,
    [email],
  )
  await client.query(`set timezone = 'UTC'`)
  await client.query('set role earshot_app')
  await client.query(`select set_config('app.workspace_id', $1, false)`, [rows[0].workspace_id])
  return client
}

export type Pending = { jobs: number; samples: number; texts: number; events: number }

/** What PostgreSQL says is still to be done at `now`, whatever stands in a queue. */
export async function pendingRows(client: pg.Client, now: Date): Promise<Pending> {
  const { rows } = await client.query(
    `select
       (select count(*)::int from monitoring_jobs j join credential_profiles p on p.id = j.profile_id
         where j.is_active and j.next_run_at <= $1 and p.state = 'active'
           and (p.paused_until is null or p.paused_until <= $1)) as jobs,
       (select count(*)::int from sample_schedule s join credential_profiles p on p.id = s.profile_id
         where s.due_at <= $1::timestamptz - interval '5 minutes' and p.state = 'active'
           and (p.paused_until is null or p.paused_until <= $1)) as samples,
       (select count(*)::int from unscored_posts) as texts,
       (select count(*)::int from outbox) as events`,
    [now],
  )
  return rows[0]
}

export const isNothing = (pending: Pending): boolean =>
  Object.values(pending).every((count) => count === 0)

const states = ['active', 'waiting', 'delayed', 'prioritized'] as const

/** Tasks that stand in the queues of real work; the ticking ones always hold their next tick. */
async function queuedTasks({ parts }: Pick<TestApp, 'parts'>): Promise<number> {
  const counts = await Promise.all(
    (['collect', 'enrich'] as const).map((name) =>
      parts.queues.queue(name).getJobCounts(...states),
    ),
  )
  return counts.flatMap((one) => Object.values(one)).reduce((sum, count) => sum + count, 0)
}

/** Whether all that was due is done: in the tables, then in the queues, then in the tables again. */
export async function isDrained(
  app: Pick<TestApp, 'parts'>,
  client: pg.Client,
  now: Date,
): Promise<boolean> {
  if (!isNothing(await pendingRows(client, now))) return false
  // A queue store that is away has not told that it is empty.
  if ((await queuedTasks(app).catch(() => 1)) > 0) return false
  return isNothing(await pendingRows(client, now))
}

/** Waits until everything that is due has been done. Gives the milliseconds it took. */
export const drain = (
  app: Pick<TestApp, 'parts'>,
  client: pg.Client,
  now: Date,
  withinMs = 60_000,
): Promise<number> =>
  until('all that is due is done', () => isDrained(app, client, now), { withinMs, everyMs: 50 })
