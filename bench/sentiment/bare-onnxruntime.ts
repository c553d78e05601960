import { createRequire } from 'node:module'
import path from 'node:path'
import type { ModelSpec } from '../../src/features/sentiment/engine/model/model-files.ts'
import {
  loadClassifier,
  sessionOptions,
  toRectangle,
} from '../../src/features/sentiment/engine/scorer/classifier.ts'
import { limitsOf, prepareFor } from '../../src/features/sentiment/engine/scorer/text-scoring.ts'
import { planBatches } from '../../src/features/sentiment/engine/scorer/token-batches.ts'
import { chunkTexts } from '../../src/features/sentiment/engine/text-chunks.ts'

type OrtTensor = { readonly dims: readonly number[] }
type OrtSession = { run: (feeds: Record<string, OrtTensor>) => Promise<unknown> }
type OnnxRuntime = {
  Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => OrtTensor
  InferenceSession: {
    create: (file: string, options: ReturnType<typeof sessionOptions>) => Promise<OrtSession>
  }
}

// transformers.js brings it along; we have no dependency on it of our own.
const transformers = import.meta.resolve('@huggingface/transformers')
const ort: OnnxRuntime = createRequire(transformers)('onnxruntime-node')

export type BareRun = () => Promise<number>

/**
 * The floor under the engine: the batches it would make of `texts`, tokenized and laid out
 * beforehand, through onnxruntime-node and nothing else. Each run answers in texts a second.
 */
export async function prepareBareRun(
  model: ModelSpec,
  texts: readonly string[],
  threads: number,
): Promise<BareRun> {
  const feeds = await tokenizedBatches(model, texts, threads)
  const file = path.join(model.folder, 'onnx', model.weights)
  const session = await ort.InferenceSession.create(file, sessionOptions(threads))
  return async () => {
    const start = performance.now()
    for (const feed of feeds) await session.run(feed)
    return (texts.length / (performance.now() - start)) * 1000
  }
}

async function tokenizedBatches(model: ModelSpec, texts: readonly string[], threads: number) {
  const classifier = await loadClassifier(model, threads)
  const batches = [...chunkTexts(texts)].flatMap((chunk) => {
    const sequences = chunk.map((text) => classifier.encode(prepareFor(model, text)))
    const plan = planBatches(
      sequences.map((sequence) => sequence.length),
      limitsOf(model),
    )
    return plan.map(({ rows, width }) => {
      const { ids, mask } = toRectangle(
        rows.map((row) => sequences[row] ?? []),
        width,
        0,
      )
      const shape = [rows.length, width]
      return {
        input_ids: new ort.Tensor('int64', ids, shape),
        attention_mask: new ort.Tensor('int64', mask, shape),
      }
    })
  })
  await classifier.dispose()
  return batches
}
