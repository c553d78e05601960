import { z } from 'zod'
import type { SandboxClock } from '../clock/sandbox-clock.ts'
import type { WorldTime } from '../clock/world-time.ts'
import { type Answer, jsonAnswer } from '../http/answer.ts'
import type { SandboxRequest } from '../http/request.ts'
import { platformIds, type World } from '../world/world.ts'
import type { CallLog } from './calls.log.ts'
import { FaultRequest, type FaultStore, shortCredential } from './faults.store.ts'

export type Control = {
  clock: SandboxClock
  time: WorldTime
  calls: CallLog
  faults: FaultStore
  /** Every rate limit is full again. */
  resetLimits: () => void
}

const ClockRequest = z.strictObject({
  now: z.iso.datetime().optional(),
  advanceMs: z.number().int().min(0).optional(),
  speed: z.number().positive().optional(),
})

export const controlPath = '/__sandbox/'

/** The test's hand on the sandbox: calls, faults, the clock, and what there is to find. */
export async function answerControl(
  control: Control,
  world: World,
  request: SandboxRequest,
): Promise<Answer> {
  const [section, id] = request.path.slice(controlPath.length).split('/')
  const action = `${request.method} ${section}`
  try {
    return (await perform(control, world, request, action, id)) ?? unknown(request)
  } catch (error) {
    if (error instanceof z.ZodError) return jsonAnswer(400, { error: z.prettifyError(error) })
    throw error
  }
}

const unknown = ({ method, path }: SandboxRequest) =>
  jsonAnswer(404, { error: `No control ${method} ${path}` })

async function perform(
  control: Control,
  world: World,
  { query, json }: SandboxRequest,
  action: string,
  id: string | undefined,
): Promise<Answer | null> {
  const { calls, faults } = control
  switch (action) {
    case 'GET calls': {
      const credential = query.get('credential')
      const name = credential === null ? undefined : shortCredential(credential)
      return jsonAnswer(200, calls.read(query.get('platform') ?? undefined, name))
    }
    case 'DELETE calls':
      calls.clear()
      return jsonAnswer(200, { cleared: true })
    case 'GET faults':
      return jsonAnswer(200, faults.list())
    case 'POST faults':
      return jsonAnswer(201, faults.add(FaultRequest.parse(json)))
    case 'DELETE faults':
      return jsonAnswer(200, { removed: faults.remove(id) })
    case 'DELETE limits':
      control.resetLimits()
      return jsonAnswer(200, { reset: true })
    case 'GET clock':
      return jsonAnswer(200, presentClock(control))
    case 'POST clock':
      moveClock(control, ClockRequest.parse(json))
      return jsonAnswer(200, presentClock(control))
    case 'GET sources':
      return jsonAnswer(200, await sources(world, query.get('platform')))
    case 'GET world':
      return jsonAnswer(200, await summary(control, world))
    default:
      return null
  }
}

const presentClock = ({ clock, time }: Control) => ({
  now: clock.now().toISOString(),
  worldNow: new Date(time.now()).toISOString(),
  epoch: new Date(time.epochMs).toISOString(),
  speed: time.speed(),
})

function moveClock(
  { clock, time }: Control,
  { now, advanceMs, speed }: z.infer<typeof ClockRequest>,
) {
  if (now !== undefined) clock.set(new Date(now))
  if (advanceMs !== undefined) clock.advance(advanceMs)
  if (speed !== undefined) time.setSpeed(speed)
}

async function sources(world: World, platform: string | null) {
  const wanted = platformIds.filter((id) => platform === null || id === platform)
  return (await Promise.all(wanted.map((id) => world.sources(id)))).flat()
}

async function summary(control: Control, world: World) {
  const counts = await Promise.all(
    platformIds.map(async (id) => [id, (await world.sources(id)).length] as const),
  )
  return { name: world.name, ...presentClock(control), sources: Object.fromEntries(counts) }
}
