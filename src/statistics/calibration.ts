import { at, sum } from './series.ts'

export type Reliability = {
  /** Confidence above `from`, up to `to`. */
  from: number
  to: number
  n: number
  /** Means of what the bin holds; null: it is empty. */
  confidence: number | null
  accuracy: number | null
}

export type Calibration = {
  /** How far confidence is off accuracy, mean over all, bin by bin (Naeini et al. 2015). */
  ece: number | null
  bins: Reliability[]
}

/** Whether a model that says 0.8 is right eight times of ten. */
export function calibrationOf(
  answers: readonly { confidence: number; right: boolean }[],
  bins = 10,
): Calibration {
  const binOf = (confidence: number) =>
    Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1))
  const held = Array.from({ length: bins }, () => [0, 0, 0])
  for (const { confidence, right } of answers) {
    const bin = held[binOf(confidence)]
    if (bin) bin.splice(0, 3, at(bin, 0) + 1, at(bin, 1) + confidence, at(bin, 2) + Number(right))
  }
  const table = held.map(([n = 0, confidence = 0, right = 0], index) => ({
    from: index / bins,
    to: (index + 1) / bins,
    n,
    confidence: n === 0 ? null : confidence / n,
    accuracy: n === 0 ? null : right / n,
  }))
  const off = sum(held.map(([, confidence = 0, right = 0]) => Math.abs(confidence - right)))
  return { ece: answers.length === 0 ? null : off / answers.length, bins: table }
}
