import { Counter, Gauge, Histogram, type Registry, Summary } from 'prom-client'

export type RequestMetrics = {
  /** `route` is the template, '/api/jobs/{id}'; `seconds` until the last byte was handed over. */
  httpRequest: (request: { method: string; route: string; status: number; seconds: number }) => void
}

const latencyBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10, 30]

/** Requests: how many, how they ended, how long they took. */
export function requestMetrics(registry: Registry): RequestMetrics {
  const registers = [registry]
  const requests = new Counter({
    name: 'earshot_http_requests_total',
    help: 'HTTP requests, by method, route template and status.',
    labelNames: ['method', 'route', 'status'],
    registers,
  })
  const seconds = new Histogram({
    name: 'earshot_http_request_seconds',
    help: 'Time to answer a request, by method and route template.',
    labelNames: ['method', 'route'],
    buckets: latencyBuckets,
    registers,
  })
  const quantiles = new Summary({
    name: 'earshot_http_request_quantile_seconds',
    help: 'P50, P95 and P99 of the time to answer a request over the last 5 minutes.',
    percentiles: [0.5, 0.95, 0.99],
    maxAgeSeconds: 300,
    ageBuckets: 5,
    registers,
  })
  const seen = { all: 0, failed: 0 }
  ratio(registry, 'success', () => 1 - seen.failed / seen.all)
  ratio(registry, 'error', () => seen.failed / seen.all)

  return {
    httpRequest: (request) => {
      const { method, route } = request
      requests.inc({ method, route, status: String(request.status) })
      seconds.observe({ method, route }, request.seconds)
      quantiles.observe(request.seconds)
      seen.all += 1
      if (request.status >= 500) seen.failed += 1
    },
  }
}

/** NaN before the first request: of nothing there is no share. */
function ratio(registry: Registry, name: 'success' | 'error', read: () => number): void {
  new Gauge({
    name: `earshot_http_${name}_ratio`,
    help: `Share of requests since the start that were ${name === 'error' ? '' : 'not '}answered with a 5xx.`,
    registers: [registry],
    collect() {
      this.set(read())
    },
  })
}
