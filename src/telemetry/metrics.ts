import { collectDefaultMetrics, Registry } from 'prom-client'
import { type CollectionMetrics, collectionMetrics } from './collection-metrics.ts'
import { addCollector, type CollectedValue } from './collector.ts'
import { type LimitsMetrics, limitsMetrics } from './limits-metrics.ts'
import { type RequestMetrics, requestMetrics } from './request-metrics.ts'
import { type StoreMetrics, storeMetrics } from './store-metrics.ts'

/**
 * What this process counts. Labels come from closed sets (routes, queues, platforms, outcomes):
 * never an id, an address or a text of a user.
 */
export type Metrics = RequestMetrics &
  CollectionMetrics &
  StoreMetrics &
  LimitsMetrics & {
    registry: Registry
    /** A gauge that is read when somebody scrapes; a reading that fails is left out and counted. */
    collect: (
      name: string,
      help: string,
      labels: readonly string[],
      read: () => Promise<readonly CollectedValue[]>,
    ) => void
  }

/** Metrics of one process, in a registry of their own: two in one process do not meet. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'earshot_' })
  return {
    registry,
    ...requestMetrics(registry),
    ...collectionMetrics(registry),
    ...storeMetrics(registry),
    ...limitsMetrics(registry),
    collect: addCollector(registry),
  }
}
