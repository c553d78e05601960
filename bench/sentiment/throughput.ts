import { constants } from 'node:os'
import type { ModelSpec } from '../../src/features/sentiment/engine/model/model-files.ts'
import {
  createSentimentEngine,
  type SentimentEngine,
} from '../../src/features/sentiment/engine/sentiment-engine.ts'
import { prepareBareRun } from './bare-onnxruntime.ts'

type Options = {
  model: ModelSpec
  texts: readonly string[]
  threads?: number
  runs?: number
}
export type Throughput = { engine: number; bare: number; ratio: number }

/**
 * Texts a second through the engine and through bare onnxruntime, in turns. The ratio is the
 * median of the turns' own: whatever else the machine does slows both sides of a turn alike.
 */
export async function measureThroughput({
  model,
  texts,
  threads = 1,
  runs = 9,
}: Options): Promise<Throughput> {
  const distinct = [...new Set(texts)]
  const bareRun = await prepareBareRun(model, distinct, threads)
  const engine = createSentimentEngine({
    model,
    threads,
    // As the bare runs have it: on a busy machine they would otherwise be given the cores first.
    priority: constants.priority.PRIORITY_NORMAL,
    log: { warn: () => undefined },
  })
  const engineRates: number[] = []
  const bareRates: number[] = []
  await engineRun(engine, distinct)
  await bareRun()
  for (let run = 0; run < runs; run++) {
    engineRates.push(await engineRun(engine, distinct))
    bareRates.push(await bareRun())
  }
  await engine.close()
  const ratios = engineRates.map((rate, run) => rate / (bareRates[run] ?? Number.NaN))
  return { engine: median(engineRates), bare: median(bareRates), ratio: median(ratios) }
}

async function engineRun(engine: SentimentEngine, texts: readonly string[]): Promise<number> {
  const start = performance.now()
  await engine.score(texts)
  return (texts.length / (performance.now() - start)) * 1000
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
