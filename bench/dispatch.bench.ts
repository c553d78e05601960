import { contextOf } from '../src/compose.ts'
import { taskOrigin } from '../src/core/origin.ts'
import { dispatchDueProfiles } from '../src/features/monitoring/index.ts'
import { type BenchEnvironment, openBenchEnvironment } from './environment.ts'
import { type Bench, type Figure, figure, median } from './figure.ts'
import { addJobs, addProfiles, type Population } from './population.ts'

const sizes = [1_000, 10_000, 100_000]
const profiles = 200
const dueAtOnce = 20
const ticks = 40

async function makeDue(environment: BenchEnvironment, { workspaceId }: Population) {
  const client = await environment.inWorkspace(workspaceId)
  await client.query(
    `update monitoring_jobs set next_run_at = now() - interval '1 minute' where profile_id in
       (select id from credential_profiles order by id limit $1)`,
    [dueAtOnce],
  )
}

/** Milliseconds of one whole tick: the due query and a task added for each due profile. */
async function tickMs(environment: BenchEnvironment): Promise<number> {
  const ctx = contextOf(environment.parts, new AbortController().signal, taskOrigin('bench'))
  const started = performance.now()
  const found = await dispatchDueProfiles(ctx)
  const took = performance.now() - started
  if (found !== dueAtOnce) throw new Error(`the tick found ${found} profiles, not ${dueAtOnce}`)
  return took
}

async function measure(size: number): Promise<number> {
  const environment = await openBenchEnvironment()
  try {
    const population = await addProfiles(environment, 'twitch', profiles)
    await addJobs(environment, population, 'twitch', size)
    await makeDue(environment, population)
    await tickMs(environment)
    const times: number[] = []
    for (let tick = 0; tick < ticks; tick += 1) times.push(await tickMs(environment))
    return median(times)
  } finally {
    await environment.close()
  }
}

export const dispatch: Bench = {
  name: 'dispatch',
  summary: `one dispatch tick, ${dueAtOnce} of ${profiles} profiles due, at 1,000 to 100,000 jobs`,
  run: async (say) => {
    const figures: Figure[] = []
    const times: number[] = []
    for (const size of sizes) {
      say(`${size} jobs`)
      const ms = await measure(size)
      times.push(ms)
      const name = `dispatch.tick.${size}_jobs`
      figures.push(figure({ name, value: ms, unit: 'ms', goal: 50, better: 'lower' }))
    }
    const growth = (times.at(-1) ?? Number.NaN) / (times[0] ?? Number.NaN)
    const name = 'dispatch.growth.1000_to_100000_jobs'
    return [...figures, figure({ name, value: growth, unit: 'x', goal: 1.5, better: 'lower' })]
  },
}
