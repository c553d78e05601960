import type { ModelSpec } from '../model/model-files.ts'
import type { Classifier } from './classifier.ts'
import { prepareText } from './text-preparation.ts'
import { type BatchLimits, planBatches } from './token-batches.ts'

// Enough for any word that a tokenizer keeps whole; what follows would be cut off anyway.
const charactersPerToken = 32
const batchLimits: BatchLimits = { maxTexts: 32, maxTokens: 4096 }
// Dynamic int8 takes its scale from the whole batch: only alone does a text keep its score.
const aloneLimits: BatchLimits = { maxTexts: 1, maxTokens: 4096 }

export const limitsOf = (model: ModelSpec) => (model.scoresAlone ? aloneLimits : batchLimits)

export const prepareFor = (model: ModelSpec, text: string) =>
  prepareText(text, model.maxTokens * charactersPerToken)

/**
 * Probabilities (negative, neutral, positive) of each text, one after the other; null when
 * `isCancelled` said so between two batches. Texts that differ in links or mentions only are
 * one text to the model and are scored once.
 */
export async function scoreTexts(
  { encode, classify }: Classifier,
  model: ModelSpec,
  texts: readonly string[],
  isCancelled: () => boolean,
): Promise<Float64Array<ArrayBuffer> | null> {
  const distinct = new Map<string, number>()
  const places = texts.map((text) => {
    const prepared = prepareFor(model, text)
    const place = distinct.get(prepared) ?? distinct.size
    distinct.set(prepared, place)
    return place
  })
  const sequences = [...distinct.keys()].map(encode)
  const lengths = sequences.map((sequence) => sequence.length)
  const scored: Probabilities[] = []
  for (const { rows, width } of planBatches(lengths, limitsOf(model))) {
    if (isCancelled()) return null
    const inBatch = rows.map((row) => sequences[row] ?? [])
    const logits = await classify(inBatch, width)
    for (const [index, row] of rows.entries()) scored[row] = probabilities(model, logits, index)
  }
  return Float64Array.from(places.flatMap((place) => scored[place] ?? []))
}

type Probabilities = [negative: number, neutral: number, positive: number]

/** Softmax of one row of logits, in our order of classes. */
function probabilities(model: ModelSpec, logits: ArrayLike<number>, row: number): Probabilities {
  const { negative, neutral, positive } = model.classes
  const at = (position: number) => logits[row * 3 + position] ?? Number.NaN
  const values = [at(negative), at(neutral), at(positive)] as const
  const highest = Math.max(...values)
  const [one, two, three] = values.map((value) => Math.exp(value - highest)) as Probabilities
  const sum = one + two + three
  return [one / sum, two / sum, three / sum]
}
