import type { EntityManager } from '@mikro-orm/postgresql'
import type { Answers } from './cache/asked-questions.ts'
import type { Hints } from './cache/hints.ts'
import type { Config } from './config/config.ts'
import type { Clock } from './core/clock.ts'
import type { Logger } from './core/logger.ts'
import type { Origin } from './core/origin.ts'
import type { Limits } from './limits/limits.ts'
import type { Platform } from './platforms/platform.ts'
import type { Queues } from './queues/task.ts'
import type { Keyring } from './secrets/keyring.ts'
import type { SecretStores } from './secrets/stores/secret-store.ts'
import type { Metrics } from './telemetry/metrics.ts'
import type { Operations } from './telemetry/operations.ts'

/** Everything one unit of work (a request or a task) may touch. A service asks for what it needs. */
export type Context = {
  /**
   * A fork of its own. In a request of a signed-in person it already sees that person's workspace;
   * elsewhere it sees no tenant's rows until `forWorkspace` gives it one.
   */
  em: EntityManager
  clock: Clock
  config: Config
  log: Logger
  queues: Queues
  platforms: Record<string, Platform>
  keyring: Keyring
  /** Where the platforms' credentials lie. */
  secretStores: SecretStores
  /** Signs access tokens. */
  jwtSecret: string
  metrics: Metrics
  /** What an operator may ask: pool, queues, pings. */
  operations: Operations
  /** Counts that all processes share: who may ask how often, who is locked out. */
  limits: Limits
  /** What Redis may keep for us, where it is configured and there. */
  hints: Hints
  /** What this process has answered, to be given again while it holds. */
  answers: Answers<Context>
  /** Who or what this work is done for: what the audit log says of it. */
  origin: Origin
  signal: AbortSignal
}
