/** One value a step; null where nothing is known. A hole is not a zero. */
export type Series = readonly (number | null)[]

/** The value at `index`; NaN outside, so that a slip shows in the result at once. */
export const at = (values: ArrayLike<number>, index: number): number => values[index] ?? Number.NaN

export const known = (series: Series): number[] =>
  series.filter((value): value is number => value !== null)

export const sum = (values: Iterable<number>): number => {
  let total = 0
  for (const value of values) total += value
  return total
}

/** null of nothing. */
export const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : sum(values) / values.length

/** Of a sample (n - 1); null of fewer than two. */
export function variance(values: readonly number[]): number | null {
  const middle = mean(values)
  if (middle === null || values.length < 2) return null
  return sum(values.map((value) => (value - middle) ** 2)) / (values.length - 1)
}
