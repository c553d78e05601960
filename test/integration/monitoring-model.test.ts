import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { contextOf } from '../../src/compose.ts'
import { taskOrigin } from '../../src/core/origin.ts'
import { collectProfile } from '../../src/features/monitoring/index.ts'
import { callApi, password } from '../support/app.ts'
import { type Gate, openGate } from '../support/gate.ts'
import { addProfile, openStage, type Stage } from '../support/stage.ts'
import { type JobModel, model } from './monitoring-model.ts'

const start = new Date('2026-11-10T12:00:00Z')
let gate: Gate
let stage: Stage
let profileId: string
let workspaceId: string
let sourceId: string
let token = ''

beforeAll(async () => {
  gate = await openGate()
  stage = await openStage({ store: 'postgres', start, variables: { PLATFORM_URL: gate.url } })
  gate.target = stage.sandbox.url
  profileId = await addProfile(stage.person, 'twitch', 'model')
  const [listed] = await stage.sandbox.world.sources('twitch')
  const { body } = await stage.person.call('POST', '/api/sources', {
    profileId,
    handles: [listed?.handle],
  })
  sourceId = (body as { results: [{ source: { id: string } }] }).results[0].source.id
  const { rows } = await stage.client.query('select workspace_id from sources')
  workspaceId = rows[0].workspace_id
})
afterAll(async () => {
  await stage?.close()
  await gate?.close()
})

type Command =
  | { kind: 'create' | 'pause' | 'resume' | 'run' | 'delete' }
  | { kind: 'interval'; minutes: number }
type Step =
  | { do: Command }
  | { pass: number }
  /** The worker's turn; `during` happens in the middle of the run, when there is one. */
  | { work: true; during: Command | null }

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.constantFrom<Command>(
    { kind: 'create' },
    { kind: 'pause' },
    { kind: 'resume' },
    { kind: 'run' },
    { kind: 'delete' },
  ),
  fc.constantFrom(15, 30, 60, 120).map((minutes): Command => ({ kind: 'interval', minutes })),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: command.map((one): Step => ({ do: one })) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 150 }).map((pass): Step => ({ pass })) },
  {
    weight: 4,
    arbitrary: fc.option(command).map((during): Step => ({ work: true, during })),
  },
)

const call = (method: string, path: string, body?: unknown) =>
  callApi(stage.app.url, token, method, path, body)

/** Weeks pass here; nobody stays signed in so long. */
async function signInAgain(): Promise<void> {
  const { email } = stage.person
  const { body } = await callApi(stage.app.url, null, 'POST', '/api/auth/login', {
    email,
    password,
  })
  token = (body as { accessToken: string }).accessToken
}

/** What the API says of the one job. */
async function seen() {
  const { body } = await call('GET', '/api/jobs')
  const [job] = (body as { items: { id: string }[] }).items as { id: string }[]
  const { rows: gaps } = await stage.client.query(
    'select count(*)::int as open from coverage_gaps where to_at is null',
  )
  return { job, openGaps: gaps[0].open as number }
}

async function perform(one: Command): Promise<number> {
  const { job } = await seen()
  const path = `/api/jobs/${job?.id ?? '999999'}`
  const calls: Record<Command['kind'], [string, string, unknown?]> = {
    create: ['POST', '/api/jobs', { sourceId, intervalMinutes: 30 }],
    pause: ['POST', `${path}/pause`],
    resume: ['POST', `${path}/resume`],
    run: ['POST', `${path}/run`],
    delete: ['DELETE', path],
    interval: ['PATCH', path, 'minutes' in one ? { intervalMinutes: one.minutes } : {}],
  }
  const [method, route, body] = calls[one.kind]
  return (await call(method, route, body)).status
}

async function work(during: () => Promise<void>, isDue: boolean): Promise<void> {
  const held = isDue ? gate.hold(/^\/helix\/streams/) : null
  const ctx = contextOf(stage.app.parts, new AbortController().signal, taskOrigin('test'))
  const run = collectProfile(ctx, workspaceId, profileId)
  // A run that finds nothing due has no middle: what is asked then comes after it.
  await (held ? held.reached : run)
  await during()
  held?.release()
  await run
}

async function compare(expected: JobModel | null): Promise<void> {
  const { job, openGaps } = await seen()
  if (!expected) {
    expect({ job, openGaps }).toEqual({ job: undefined, openGaps: 0 })
    return
  }
  const { runs, openGap, ...view } = expected
  expect(job).toMatchObject(view)
  expect(openGaps).toBe(openGap ? 1 : 0)
  const history = await call('GET', `/api/jobs/${job?.id}/executions?limit=200`)
  const { items } = history.body as { items: { scheduledFor: string; status: string }[] }
  expect(items.map(({ scheduledFor }) => scheduledFor).toSorted()).toEqual([...runs].toSorted())
  expect(items.every(({ status }) => status === 'success')).toBe(true)
}

test('whatever is asked of a job in whatever order, also in the middle of its run, leaves no half state', async () => {
  let clock = start.getTime()
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      clock += 3 * 3_600_000
      stage.moveTo(new Date(clock))
      await stage.client.query('delete from monitoring_jobs')
      await stage.client.query('delete from coverage_gaps')
      await signInAgain()
      const expected = model()
      for (const one of steps) {
        if ('pass' in one) {
          clock += one.pass * 60_000
          stage.moveTo(new Date(clock))
        } else if ('do' in one) {
          expect(await perform(one.do)).toBe(expected.perform(one.do, clock))
        } else {
          const { during } = one
          const order = expected.work(clock, during)
          await work(async () => {
            if (during) expect(await perform(during)).toBe(order.status)
          }, order.ran)
        }
        await compare(expected.job())
      }
    }),
    { numRuns: 40, endOnFailure: false },
  )
}, 120_000)
