import { queueNames } from '../queues/task.ts'
import { buildInfo } from './build-info.ts'
import type { Metrics } from './metrics.ts'
import type { OperationsCounts } from './operations.queries.ts'
import type { Operations } from './operations.ts'

const counted: [key: keyof OperationsCounts, name: string, help: string][] = [
  ['activeUsers', 'earshot_active_users', 'People seen in the last 15 minutes.'],
  ['activeJobs', 'earshot_active_jobs', 'Monitoring jobs that are not paused.'],
  ['lateJobs', 'earshot_late_jobs', 'Monitoring jobs due for more than a minute.'],
  ['unscoredPosts', 'earshot_sentiment_backlog', 'Posts that wait for a score.'],
  ['outbox', 'earshot_outbox_events', 'Events that wait to be told.'],
  ['mailsWaiting', 'earshot_mails_waiting', 'Mails that are still to be sent.'],
  ['oldestMailS', 'earshot_oldest_mail_seconds', 'Since when the oldest of them waits; 0: none.'],
  ['cachedScores', 'earshot_sentiment_cache_size', 'Scores in the cache, as the planner knows it.'],
]

const depths = ['waiting', 'active', 'delayed', 'failed'] as const

/** Gauges of the stores that all processes share, read when somebody scrapes this one. */
export function collectOperations(metrics: Metrics, operations: Operations): void {
  for (const [key, name, help] of counted) {
    metrics.collect(name, help, [], async () => [{ value: (await operations.counts())[key] }])
  }
  metrics.collect('earshot_queue_depth', 'Tasks in a queue.', ['queue', 'state'], async () => {
    const found = await operations.queueDepths()
    return queueNames.flatMap((queue) =>
      depths.map((state) => ({ labels: { queue, state }, value: found[queue][state] })),
    )
  })
  metrics.collect(
    'earshot_database_pool_connections',
    "Connections of this process's pool; 'waiting' are requests for one.",
    ['state'],
    async () =>
      Object.entries(operations.pool()).map(([state, value]) => ({ labels: { state }, value })),
  )
  metrics.collect('earshot_table_bytes', 'Size with indexes.', ['table'], async () =>
    (await operations.tableSizes()).map(({ table, bytes }) => ({
      labels: { table },
      value: bytes,
    })),
  )
  metrics.collect(
    'social_engagement_rate',
    '(Likes + comments + shares) per view: mean over posts of the last 24 hours, of all workspaces.',
    ['platform'],
    async () =>
      (await operations.engagement()).map(({ platform, rate }) => ({
        labels: { platform },
        value: rate,
      })),
  )
  metrics.collect('earshot_build_info', 'What runs here.', ['version', 'node'], async () => [
    { labels: buildInfo, value: 1 },
  ])
}
