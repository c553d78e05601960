import { Counter, Histogram, type Registry } from 'prom-client'

export type CollectionMetrics = {
  task: (task: {
    queue: string
    name: string
    outcome: 'success' | 'failed'
    seconds: number
  }) => void
  /** One call to a platform; outcome 'ok' or the kind of the PlatformError. */
  upstreamCall: (call: { platform: string; outcome: string; seconds: number }) => void
  rateLimited: (platform: string) => void
  postsCollected: (platform: string, count: number) => void
  samplesTaken: (platform: string, count: number) => void
}

/** Background work: tasks, calls to platforms, and what they brought home. */
export function collectionMetrics(registry: Registry): CollectionMetrics {
  const registers = [registry]
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers })

  const tasks = counter('earshot_tasks_total', 'Tasks that ended, by queue, name and outcome.', [
    'queue',
    'name',
    'outcome',
  ])
  const taskSeconds = new Histogram({
    name: 'earshot_task_seconds',
    help: 'Time a task ran, by queue and name: sum / count is the average.',
    labelNames: ['queue', 'name'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300],
    registers,
  })
  const calls = counter('earshot_upstream_calls_total', 'Calls to platforms, by outcome.', [
    'platform',
    'outcome',
  ])
  const callSeconds = new Histogram({
    name: 'earshot_upstream_call_seconds',
    help: 'Time a call to a platform took.',
    labelNames: ['platform'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    registers,
  })
  const limits = counter('earshot_rate_limited_total', 'Rate limits hit, by platform.', [
    'platform',
  ])
  const posts = counter('earshot_posts_collected_total', 'Posts stored, by platform.', ['platform'])
  const samples = counter('earshot_samples_taken_total', 'Samples stored, by platform.', [
    'platform',
  ])

  return {
    task: ({ queue, name, outcome, seconds }) => {
      tasks.inc({ queue, name, outcome })
      taskSeconds.observe({ queue, name }, seconds)
    },
    upstreamCall: ({ platform, outcome, seconds }) => {
      calls.inc({ platform, outcome })
      callSeconds.observe({ platform }, seconds)
    },
    rateLimited: (platform) => limits.inc({ platform }),
    postsCollected: (platform, count) => posts.inc({ platform }, count),
    samplesTaken: (platform, count) => samples.inc({ platform }, count),
  }
}
