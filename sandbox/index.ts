import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from '../src/core/clock.ts'
import { createSandboxClock } from './clock/sandbox-clock.ts'
import { createWorldTime, midnightBefore } from './clock/world-time.ts'
import { createCallLog } from './control/calls.log.ts'
import type { Control } from './control/control.routes.ts'
import { createFaultStore } from './control/faults.store.ts'
import { createSandboxServer } from './http/sandbox.server.ts'
import { createRealWorld } from './real-world/index.ts'
import { createRedditApi } from './reddit/reddit.api.ts'
import type { XDialect } from './sandbox.options.ts'
import { createTwitchApi } from './twitch/twitch.api.ts'
import { createSyntheticWorld } from './world/synthetic/index.ts'
import type { World } from './world/world.ts'
import { createXApi } from './x/x.api.ts'
import { createYoutubeApi } from './youtube/youtube.api.ts'

export type { Control } from './control/control.routes.ts'
export type { SourceListing, World } from './world/world.ts'

export type SandboxOptions = {
  /** 0 or absent: any free one. */
  port?: number
  host?: string
  seed?: number
  /** How many times faster than the clock the world runs after the epoch. */
  speed?: number
  /** A folder of real posts to serve in place of the invented world. */
  world?: string
  /** A Date stands still; a clock moves as it likes. Default: the machine's. */
  now?: Date | Clock
  /** When the world starts to move. Default: the last midnight, UTC. */
  epoch?: Date
  xDialect?: XDialect
}

export type Sandbox = {
  url: string
  port: number
  world: World
  control: Control
  /** Ends at once, also for those who still wait for an answer. */
  close: () => Promise<void>
}

/** Starts the four platforms' APIs on one local port. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, host = '127.0.0.1', seed = 1337, speed = 1, xDialect = 'tweet' } = options
  const clock = createSandboxClock(options.now ?? systemClock)
  const epochMs = options.epoch?.getTime() ?? midnightBefore(clock.now())
  const time = createWorldTime(clock, epochMs, speed)
  const world = options.world
    ? createRealWorld(options.world, time)
    : createSyntheticWorld(seed, time)
  const parts = { seed, clock, world, xDialect }
  const apis = [createTwitchApi, createXApi, createYoutubeApi, createRedditApi].map((create) =>
    create(parts),
  )
  const resetLimits = () => {
    for (const api of apis) api.reset()
  }
  const calls = createCallLog()
  const control = { clock, time, calls, faults: createFaultStore(), resetLimits }
  const server = createSandboxServer({ apis, control, world })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  return {
    url: `http://${host}:${address.port}`,
    port: address.port,
    world,
    control,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
