import { openGate } from './gate.ts'
import { addProfile, openStage, type PlatformName, type SandboxFault, type Stage } from './stage.ts'

export type Watched = { jobId: string; sourceId: string; handle: string }
type Gap = { from: string; to: string | null; reason: string; posts: string }
type Run = { status: string; errorKind: string | null; scheduledFor: string }
type Fault = Partial<SandboxFault> & Pick<SandboxFault, 'kind'>

export type Watching = Awaited<ReturnType<typeof openWatching>>

const start = new Date('2026-11-10T12:00:00Z')
const neverAlive = /gone|leaves|suspended|private|banned/

/** A stage with workers in this process and a clock that a test moves; questions are asked by HTTP. */
export async function openWatching() {
  const gate = await openGate()
  const variables = { PLATFORM_URL: gate.url }
  const stage = await openStage({ store: 'postgres', start, variables })
  gate.target = stage.sandbox.url
  const running = { workers: await stage.startWorkersHere() }
  const at = (minutes: number) => new Date(stage.now().getTime() + minutes * 60_000)
  const watch = watchOn(stage)
  return {
    stage,
    now: stage.now,
    at,
    /** The clock of everything moves on. */
    pass: (minutes: number) => stage.moveTo(at(minutes)),
    startAfresh: async () => {
      stage.sandbox.control.faults.remove()
      await stage.client.query('delete from sources')
      stage.moveTo(at(6 * 60))
      stage.sandbox.control.calls.clear()
    },
    stopWorkers: () => running.workers.stop(),
    startWorkers: async () => {
      running.workers = await stage.startWorkersHere()
    },
    watch,
    /** Starts a job of each of `count` sources and stops their run in the middle of its first call. */
    inTheMiddleOfARun: async (count: number) => {
      const held = gate.hold(/^\/r\//)
      const { watched } = await watch('reddit', count)
      await held.reached
      return { watched, goOn: held.release }
    },
    faulty: (fault: Fault) =>
      stage.sandbox.control.faults.add({ delayMs: 0, retryAfterS: 30, ...fault }),
    ...questionsTo(stage),
    close: async () => {
      await stage.close()
      await gate.close()
    },
  }
}

/** Watches sources that no other test has, with a profile of its own. */
function watchOn(stage: Stage) {
  let profiles = 0
  const taken: Record<PlatformName, number> = { twitch: 0, twitter: 0, youtube: 0, reddit: 0 }
  return async (platform: PlatformName, count: number) => {
    const credential = `watching${++profiles}`
    const profileId = await addProfile(stage.person, platform, credential)
    const listed = await stage.sandbox.world.sources(platform)
    const alive = listed.filter(({ habit }) => !neverAlive.test(habit))
    const from = taken[platform]
    taken[platform] += count
    const { body } = await stage.person.call('POST', '/api/sources', {
      profileId,
      handles: alive.slice(from, from + count).map(({ handle }) => handle),
      watch: { intervalMinutes: 30 },
    })
    const { results } = body as {
      results: { jobId: string; source: { id: string; handle: string } }[]
    }
    const watched = results.map(({ jobId, source }): Watched => {
      return { jobId, sourceId: source.id, handle: source.handle }
    })
    return { credential, profileId, watched }
  }
}

const questionsTo = ({ person, client }: Stage) => ({
  gapsOf: async (sourceId: string): Promise<Gap[]> => {
    const { body } = await person.call('GET', `/api/coverage?source=${sourceId}`)
    return (body as { gaps: Gap[] }).gaps
  },
  jobOf: async ({ jobId }: Watched): Promise<object> =>
    (await person.call('GET', `/api/jobs/${jobId}`)).body,
  runsOf: async ({ jobId }: Watched): Promise<Run[]> => {
    const { body } = await person.call('GET', `/api/jobs/${jobId}/executions`)
    return (body as { items: Run[] }).items
  },
  profileOf: async (id: string): Promise<object> =>
    (await person.call('GET', `/api/profiles/${id}`)).body,
  countOf: async (table: string, sourceId: string): Promise<number> => {
    const { rows } = await client.query(
      `select count(*)::int as count from ${table} where source_id = $1`,
      [sourceId],
    )
    return rows[0].count
  },
})
