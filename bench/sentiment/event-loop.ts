import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { ModelSpec } from '../../src/features/sentiment/engine/model/model-files.ts'
import { createSentimentEngine } from '../../src/features/sentiment/engine/sentiment-engine.ts'

export type EventLoopDelay = { p50Ms: number; p99Ms: number; maxMs: number; seconds: number }

const resolutionMs = 10

/** How late this process's timers are while the engine scores `texts`, its start included. */
export async function measureEventLoopDelay(
  model: ModelSpec,
  texts: readonly string[],
): Promise<EventLoopDelay> {
  const engine = createSentimentEngine({ model, log: { warn: () => undefined } })
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  const start = performance.now()
  await engine.score(texts)
  const seconds = (performance.now() - start) / 1000
  delay.disable()
  await engine.close()
  // The histogram holds whole intervals; the timer's own is not a delay.
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs)
  return {
    p50Ms: late(delay.percentile(50)),
    p99Ms: late(delay.percentile(99)),
    maxMs: late(delay.max),
    seconds,
  }
}
