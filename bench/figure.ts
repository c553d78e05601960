/** One measured figure, next to what it should be. `goal` null: told, not judged. */
export type Figure = {
  name: string
  value: number
  unit: string
  goal: number | null
  better: 'higher' | 'lower'
  ok: boolean | null
}

type FigureInput = Omit<Figure, 'ok'>

export const figure = (input: FigureInput): Figure => ({
  ...input,
  ok:
    input.goal === null
      ? null
      : input.better === 'higher'
        ? input.value >= input.goal
        : input.value <= input.goal,
})

export const median = (values: readonly number[]): number => percentile(values, 0.5)

/** The value below which this share of the values lies (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

/** Of benches that can be made smaller: for tests, and for a quick look. */
export type BenchSize = { posts?: number }

export type Bench = {
  name: string
  summary: string
  /** `say` tells how far a long run is. */
  run: (say: (line: string) => void, size?: BenchSize) => Promise<Figure[]>
}
