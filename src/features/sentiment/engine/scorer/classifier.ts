import { basename } from 'node:path'
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  env,
  LogLevel,
  Tensor,
} from '@huggingface/transformers'
import type { ModelSpec } from '../model/model-files.ts'

// transformers.js takes 0.3 s and 100 MB to load: only the scoring process may import this file.

export type Classifier = {
  /** Token ids with the model's opening and closing marks, never longer than it can read. */
  encode: (preparedText: string) => number[]
  /** The classes' logits, one row of three for each sequence, in the order given. */
  classify: (sequences: readonly number[][], width: number) => Promise<ArrayLike<number>>
  dispose: () => Promise<unknown>
}

export const sessionOptions = (threads: number) => ({
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
})

export async function loadClassifier(model: ModelSpec, threads: number): Promise<Classifier> {
  env.allowRemoteModels = false
  env.useFSCache = false
  env.logLevel = LogLevel.ERROR
  const tokenizer = await AutoTokenizer.from_pretrained(model.folder)
  const network = await AutoModelForSequenceClassification.from_pretrained(model.folder, {
    // fp32 adds no suffix to the file name; what the weights are is written in the file itself.
    dtype: 'fp32',
    model_file_name: basename(model.weights, '.onnx'),
    device: 'cpu',
    session_options: sessionOptions(threads),
  })
  const padding = tokenizer.pad_token_id ?? 0

  return {
    encode(preparedText) {
      const ids = tokenizer.encode(preparedText)
      if (ids.length <= model.maxTokens) return ids
      // The tokenizer's own truncation drops the closing mark, which the models were trained with.
      return [...ids.slice(0, model.maxTokens - 1), ...ids.slice(-1)]
    },
    async classify(sequences, width) {
      const { ids, mask } = toRectangle(sequences, width, padding)
      const shape = [sequences.length, width]
      const { logits } = await network({
        input_ids: new Tensor('int64', ids, shape),
        attention_mask: new Tensor('int64', mask, shape),
      })
      return logits.data
    },
    dispose: () => network.dispose(),
  }
}

/** The sequences as one rectangle of int64, as ONNX wants it; the mask is 0 where it was filled. */
export function toRectangle(sequences: readonly number[][], width: number, padding: number) {
  const ids = new BigInt64Array(sequences.length * width).fill(BigInt(padding))
  const mask = new BigInt64Array(sequences.length * width)
  sequences.forEach((sequence, row) => {
    sequence.forEach((id, column) => {
      ids[row * width + column] = BigInt(id)
      mask[row * width + column] = 1n
    })
  })
  return { ids, mask }
}
