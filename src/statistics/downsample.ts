export type Bucket<Point> = {
  /** What it stands for, in order; the first and the last of it. */
  points: readonly Point[]
  first: Point
  last: Point
  min: number | null
  max: number | null
  mean: number | null
  /** Points with a value. */
  n: number
}

/**
 * Neighbouring points in at most `most` buckets of equal length, each with its least, greatest and
 * mean value: a peak of one point stays visible in a year's line. In order, none left out.
 */
export function downsample<Point>(
  points: readonly Point[],
  measure: (point: Point) => number | null,
  most = 1_000,
): Bucket<Point>[] {
  const size = Math.max(1, Math.ceil(points.length / most))
  const buckets: Bucket<Point>[] = []
  for (let from = 0; from < points.length; from += size) {
    const own = points.slice(from, from + size)
    const [first, last] = [own[0], own.at(-1)]
    if (first === undefined || last === undefined) continue
    const values = own.map(measure).filter((value): value is number => value !== null)
    const total = values.reduce((sum, value) => sum + value, 0)
    buckets.push({
      points: own,
      first,
      last,
      min: values.length === 0 ? null : Math.min(...values),
      max: values.length === 0 ? null : Math.max(...values),
      mean: values.length === 0 ? null : total / values.length,
      n: values.length,
    })
  }
  return buckets
}
