import { collectDefaultMetrics, Registry } from 'prom-client'
import { collectionMetrics } from './collection-metrics.ts'
import { addCollector, type CollectedValue } from './collector.ts'
import { requestMetrics } from './request-metrics.ts'
import { storeMetrics } from './store-metrics.ts'

/**
 * What this process counts. Labels come from closed sets (routes, queues, platforms, outcomes):
 * never an id, an address or a text of a user.
 */
export type Metrics = {
  registry: Registry
  /** `route` is the template, '/api/jobs/{id}'; `seconds` until the last byte was handed over. */
  httpRequest: (request: { method: string; route: string; status: number; seconds: number }) => void
  task: (task: { queue: string; name: string; outcome: TaskOutcome; seconds: number }) => void
  /** One call to a platform; outcome 'ok' or the kind of the PlatformError. */
  upstreamCall: (call: { platform: string; outcome: string; seconds: number }) => void
  rateLimited: (platform: string) => void
  postsCollected: (platform: string, count: number) => void
  samplesTaken: (platform: string, count: number) => void
  sentimentCache: (hits: number, misses: number) => void
  sentimentScored: (texts: number, seconds: number) => void
  exportRows: (count: number) => void
  databaseQuery: (query: { seconds: number; slow: boolean }) => void
  /** A gauge that is read when somebody scrapes; a reading that fails is left out and counted. */
  collect: (
    name: string,
    help: string,
    labels: readonly string[],
    read: () => Promise<readonly CollectedValue[]>,
  ) => void
}

export type TaskOutcome = 'success' | 'failed'

/** Metrics of one process, in a registry of their own: two in one process do not meet. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'earshot_' })
  return {
    registry,
    ...requestMetrics(registry),
    ...collectionMetrics(registry),
    ...storeMetrics(registry),
    collect: addCollector(registry),
  }
}
