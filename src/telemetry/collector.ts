import { Counter, Gauge, type Registry } from 'prom-client'

export type CollectedValue = { labels?: Record<string, string>; value: number }

/** Adds gauges that are read at scrape time; one that cannot be read does not spoil the others. */
export function addCollector(registry: Registry) {
  const failures = new Counter({
    name: 'earshot_collector_failures_total',
    help: 'Readings at scrape time that failed, by metric.',
    labelNames: ['metric'],
    registers: [registry],
  })
  return (
    name: string,
    help: string,
    labels: readonly string[],
    read: () => Promise<readonly CollectedValue[]>,
  ): void => {
    new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      async collect() {
        this.reset()
        try {
          for (const { labels: given = {}, value } of await read()) this.set(given, value)
        } catch {
          failures.inc({ metric: name })
        }
      },
    })
  }
}
