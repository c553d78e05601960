import { setTimeout as wait } from 'node:timers/promises'
import { type BenchChild, startProgram } from './child.ts'
import { type BenchEnvironment, openBenchEnvironment } from './environment.ts'
import { type Bench, type Figure, figure } from './figure.ts'
import { addProfiles } from './population.ts'
import { generateTexts } from './sentiment/texts.ts'

const texts = 5_000

async function addUnscored(environment: BenchEnvironment): Promise<void> {
  const { workspaceId, profileIds } = await addProfiles(environment, 'twitter', 1)
  const client = await environment.inWorkspace(workspaceId)
  await client.query(
    `with s as (insert into sources (workspace_id, profile_id, platform, handle, external_id, url, created_at)
         values ($1, $2, 'twitter', 'bench', 'bench', 'https://example.org', now()) returning id),
       p as (insert into posts (workspace_id, source_id, platform, kind, external_id, body,
         published_at, fetched_at)
         select $1, s.id, 'twitter', 'tweet', n, text, now(), now()
         from s, unnest($3::text[]) with ordinality as t(text, n) returning id)
     insert into unscored_posts (workspace_id, post_id) select $1, id from p`,
    [workspaceId, profileIds[0], generateTexts(texts)],
  )
}

/** Seconds of the event loop's 99th percentile delay, as the API itself reports it. */
async function readDelay(apiUrl: string): Promise<{ p99Ms: number; maxMs: number }> {
  const text = await (await fetch(`${apiUrl}/metrics`)).text()
  const read = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]) * 1_000
  return {
    p99Ms: read('earshot_nodejs_eventloop_lag_p99_seconds'),
    maxMs: read('earshot_nodejs_eventloop_lag_max_seconds'),
  }
}

async function untilScored(environment: BenchEnvironment, apiUrl: string): Promise<number> {
  const client = await environment.inWorkspace('0')
  const started = performance.now()
  for (;;) {
    const { rows } = await client.query('select * from operations_counts(now())')
    if (Number(rows[0].unscored_posts) === 0) return (performance.now() - started) / 1_000
    // The API is in use meanwhile, as it would be.
    await fetch(`${apiUrl}/health`)
    await wait(100)
  }
}

export const eventLoop: Bench = {
  name: 'event-loop',
  summary: `the API's event-loop delay while the workers score ${texts} texts on the same machine`,
  run: async (say): Promise<Figure[]> => {
    const environment = await openBenchEnvironment()
    const children: BenchChild[] = []
    try {
      await addUnscored(environment)
      const variables = { ...environment.variables, LOG_LEVEL: 'info', PORT: '0', WORKER_PORT: '0' }
      const api = await startProgram(['src/main.ts'], variables, /listens on (http:\/\/[^\s"]+)/)
      children.push(api)
      await readDelay(api.matched)
      children.push(await startProgram(['workers/main.ts'], variables, /workers are ready/))
      const seconds = await untilScored(environment, api.matched)
      const { p99Ms, maxMs } = await readDelay(api.matched)
      say(`${texts} texts in ${seconds.toFixed(1)} s`)
      return [
        figure({ name: 'event_loop.api.p99', value: p99Ms, unit: 'ms', goal: 50, better: 'lower' }),
        figure({
          name: 'event_loop.api.max',
          value: maxMs,
          unit: 'ms',
          goal: null,
          better: 'lower',
        }),
      ]
    } finally {
      for (const child of children.toReversed()) await child.stop()
      await environment.close()
    }
  },
}
