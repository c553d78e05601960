import { createMetrics } from '../../src/telemetry/metrics.ts'

const linesOf = async (metrics: ReturnType<typeof createMetrics>) =>
  (await metrics.registry.metrics()).split('\n')

test('requests: count, ratio, quantiles', async () => {
  const metrics = createMetrics()
  const request = { method: 'GET', route: '/api/jobs/{id}', seconds: 0.02 }
  for (const status of [200, 200, 404, 500]) metrics.httpRequest({ ...request, status })
  const lines = await linesOf(metrics)
  expect(lines).toEqual(
    expect.arrayContaining([
      'earshot_http_requests_total{method="GET",route="/api/jobs/{id}",status="200"} 2',
      'earshot_http_success_ratio 0.75',
      'earshot_http_error_ratio 0.25',
      'earshot_http_request_quantile_seconds{quantile="0.95"} 0.02',
    ]),
  )
})

test('everything is called earshot_, and two registries do not meet', async () => {
  const [one, other] = [createMetrics(), createMetrics()]
  one.exportRows(5)
  const lines = await linesOf(other)
  expect(lines).toContain('earshot_export_rows_total 0')
  const names = lines.filter((line) => line && !line.startsWith('#'))
  expect(names.filter((line) => !line.startsWith('earshot_'))).toEqual([])
})

test('background work', async () => {
  const metrics = createMetrics()
  metrics.task({ queue: 'collect', name: 'collect-profile', outcome: 'success', seconds: 2 })
  metrics.upstreamCall({ platform: 'twitch', outcome: 'rate_limited', seconds: 0.1 })
  metrics.rateLimited('twitch')
  metrics.postsCollected('twitch', 3)
  metrics.samplesTaken('twitch', 4)
  metrics.sentimentCache(7, 3)
  metrics.sentimentScored(3, 0.5)
  metrics.databaseQuery({ seconds: 2, slow: true })
  expect(await linesOf(metrics)).toEqual(
    expect.arrayContaining([
      'earshot_tasks_total{queue="collect",name="collect-profile",outcome="success"} 1',
      'earshot_task_seconds_sum{queue="collect",name="collect-profile"} 2',
      'earshot_upstream_calls_total{platform="twitch",outcome="rate_limited"} 1',
      'earshot_rate_limited_total{platform="twitch"} 1',
      'earshot_posts_collected_total{platform="twitch"} 3',
      'earshot_samples_taken_total{platform="twitch"} 4',
      'earshot_sentiment_cache_hits_total 7',
      'earshot_sentiment_cache_misses_total 3',
      'earshot_sentiment_scored_total 3',
      'earshot_database_slow_queries_total 1',
    ]),
  )
})

test('a gauge that cannot be read spoils no other', async () => {
  const metrics = createMetrics()
  metrics.collect('earshot_good', 'Good.', ['queue'], async () => [
    { labels: { queue: 'collect' }, value: 4 },
  ])
  metrics.collect('earshot_bad', 'Bad.', [], () => Promise.reject(new Error('away')))
  expect(await linesOf(metrics)).toContain('earshot_good{queue="collect"} 4')
  expect(await linesOf(metrics)).toContain(
    'earshot_collector_failures_total{metric="earshot_bad"} 1',
  )
})
