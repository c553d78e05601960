import type { SandboxClock } from './clock/sandbox-clock.ts'
import type { World } from './world/world.ts'

/** Names of 2.166 ("tweet") or of 2.167 ("post") of X's API. */
export type XDialect = 'tweet' | 'post'

/** What a platform's routes stand on. */
export type ApiOptions = { seed: number; clock: SandboxClock; world: World; xDialect: XDialect }
