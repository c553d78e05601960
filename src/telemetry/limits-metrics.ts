import { Counter, type Registry } from 'prom-client'

export type LimitsMetrics = {
  /** `limiter` is a name out of the code. */
  limitRefused: (limiter: string) => void
  limitStoreFailed: () => void
}

/** What was refused for being too much, and how often the counts' store did not answer. */
export function limitsMetrics(registry: Registry): LimitsMetrics {
  const registers = [registry]
  const refused = new Counter({
    name: 'earshot_limits_refused_total',
    help: 'Requests and attempts over a limit, by limiter.',
    labelNames: ['limiter'],
    registers,
  })
  const failures = new Counter({
    name: 'earshot_limits_store_failures_total',
    help: 'Times the store of the rate limits did not answer and this process counted alone.',
    registers,
  })
  return {
    limitRefused: (limiter) => refused.inc({ limiter }),
    limitStoreFailed: () => failures.inc(),
  }
}
