import { median, medianAndSpread } from './quantile.ts'
import { at, type Series } from './series.ts'

/** The middle of a stretch of steps, without the season. */
export type Level = { from: number; to: number; level: number }

type Cutting = {
  season: number
  /** Steps that a level must last. */
  least: number
  threshold: number
  /** Less than this is none. */
  rounding: number
  /** Their scale is Anscombe's, on which they vary by at least 1. */
  counts: boolean
}

/**
 * Stretches between which the level changes for good: binary segmentation on the residual of the
 * season, each cut where the medians of both sides differ most, as long as that is clear.
 */
export function levelsOf(scaled: Series, cutting: Cutting): Level[] {
  const flat = deseasoned(scaled, cutting.season)
  const open: [from: number, to: number][] = [[0, flat.length - 1]]
  const done: Level[] = []
  for (let next = open.pop(); next; next = open.pop()) {
    const [from, to] = next
    const cut = bestCut(flat, from, to, cutting)
    if (cut === null) done.push({ from, to, level: median(valuesOf(flat, from, to)) ?? 0 })
    else open.push([from, cut - 1], [cut, to])
  }
  return done.toSorted((one, other) => one.from - other.from)
}

/** Without the season as it looks from season to season: differences cancel slow changes of level. */
function deseasoned(scaled: Series, season: number): Series {
  const around = runningMedian(scaled, season)
  const usual = seasonOf(scaled, around, season)
  return scaled.map((value, step) => (value === null ? null : value - at(usual, step % season)))
}

/** The median of a season's worth of steps around each. */
function runningMedian(values: Series, season: number): number[] {
  const half = Math.max(1, Math.floor(season / 2))
  const stride = Math.max(1, Math.floor(season / 24))
  const middles: number[] = []
  for (let step = 0; step < values.length; step += stride) {
    middles.push(median(valuesOf(values, step - half, step + half)) ?? middles.at(-1) ?? 0)
  }
  return values.map((_, step) => at(middles, Math.floor(step / stride)))
}

const valuesOf = (values: Series, from: number, to: number): number[] =>
  values.slice(Math.max(0, from), to + 1).filter((value): value is number => value !== null)

/** Where the two sides' medians differ most, if that is clear and both sides last. */
function bestCut(flat: Series, from: number, to: number, cutting: Cutting): number | null {
  const found = cumulativeCut(flat, from, to, cutting)
  if (found === null) return null
  const before = valuesOf(flat, from, found - 1)
  const after = valuesOf(flat, found, to)
  const [low, high] = [medianAndSpread(before), medianAndSpread(after)]
  if (!low || !high) return null
  const spread = spreadOfSides(low.spread, high.spread, flat.slice(from, to + 1), cutting)
  // The medians of n values vary by 1.25 / √n; what is left must still be a good part of one spread.
  const sure = cutting.threshold * 1.25 * spread * Math.sqrt(1 / before.length + 1 / after.length)
  return Math.abs(high.middle - low.middle) >= Math.max(sure, 1.5 * spread) ? found : null
}

/**
 * How much values vary beside a change of level: as the calmer side does. Counts vary by 1 at least.
 * Others have no such floor, and a short side agrees by chance: it is taken for no calmer than
 * neighbours are to each other, and a side that never varies says nothing.
 */
function spreadOfSides(
  one: number,
  other: number,
  flat: Series,
  { counts, rounding }: Cutting,
): number {
  if (counts) return Math.max(1, Math.min(one, other))
  const telling = [one, other].filter((spread) => spread > rounding)
  return Math.max(rounding, spreadOfChanges(flat, 1), telling.length > 0 ? Math.min(...telling) : 0)
}

/** From values to those `lag` steps before: no level, and of a season's lag no season, is part of it. */
export function spreadOfChanges(values: Series, lag: number): number {
  const changes = values.flatMap((value, step) => {
    const before = values[step - lag]
    return value === null || before === null || before === undefined ? [] : [value - before]
  })
  // Two values differ by √2 times what each varies by.
  return (medianAndSpread(changes)?.spread ?? 0) / Math.SQRT2
}

/** CUSUM of clipped deviations: its extreme is where the level changed, and one spike cannot move it. */
function cumulativeCut(
  flat: Series,
  from: number,
  to: number,
  { least, rounding }: Cutting,
): number | null {
  const own = medianAndSpread(valuesOf(flat, from, to))
  if (!own || to - from + 1 < 2 * least) return null
  const reach = 3 * Math.max(own.spread, rounding)
  const centre = clippedMean(flat, from, to, own.middle, reach)
  let [total, most, cut] = [0, 0, -1]
  for (let step = from; step <= to - least; step++) {
    const value = flat[step]
    if (value !== null && value !== undefined) {
      total += Math.max(-reach, Math.min(reach, value - own.middle)) - centre
    }
    if (step >= from + least - 1 && Math.abs(total) > most) {
      most = Math.abs(total)
      cut = step + 1
    }
  }
  return cut < 0 ? null : cut
}

function clippedMean(flat: Series, from: number, to: number, middle: number, reach: number) {
  const clipped = valuesOf(flat, from, to).map((value) =>
    Math.max(-reach, Math.min(reach, value - middle)),
  )
  return clipped.reduce((total, value) => total + value, 0) / Math.max(1, clipped.length)
}

/** The median of what is above the level at each step of the season. */
export function seasonOf(scaled: Series, levelAt: readonly number[], season: number): number[] {
  return Array.from({ length: season }, (_, slot) => {
    const own: number[] = []
    for (let step = slot; step < scaled.length; step += season) {
      const value = scaled[step]
      if (value !== null && value !== undefined) own.push(value - at(levelAt, step))
    }
    return median(own) ?? 0
  })
}
