import { median, medianAndSpread } from './quantile.ts'
import { at, type Series } from './series.ts'

export type Anomaly = {
  /** Step of the series where it begins. */
  from: number
  /** The last step of it. */
  to: number
  kind: 'spike' | 'dip' | 'level_shift'
  /** What was there, and what was to be expected: means over its steps. */
  actual: number
  expected: number
  /** How many robust standard deviations lie between the two. */
  z: number
}

export type AnomalyOptions = {
  /** Steps of a season: 168 of hours, 7 of days. */
  season: number
  /** From how many robust standard deviations on. */
  threshold?: number
  /** Steps that a level must last to be one. */
  shiftSteps?: number
  /** Counts vary with their size: they are judged on Anscombe's scale, 2·√(x + 3/8). */
  counts?: boolean
}

/**
 * What does not fit its own past: the residual of a running level and of the season (medians of
 * both, so that what is looked for does not hide itself), judged by its robust z. A step that is null
 * is one that we did not see: it neither raises an alarm nor takes part in what is usual.
 *
 * A level that stays is told once, as a level shift, and not again at each of its steps.
 */
export function findAnomalies(series: Series, options: AnomalyOptions): Anomaly[] {
  const { season, threshold = 5, counts = true } = options
  const shiftSteps = options.shiftSteps ?? Math.max(3, Math.round(season / 7))
  const scaled = series.map((value) => (value === null ? null : toScale(value, counts)))
  const levels = segments(scaled, season, shiftSteps, threshold)
  const levelAt = levelBySteps(levels, series.length)
  const usual = seasonOf(scaled, levelAt, season)
  const expected = series.map((_, step) => at(levelAt, step) + at(usual, step % season))
  const residuals = scaled.map((value, step) =>
    value === null ? null : value - at(expected, step),
  )
  const spread = Math.max(spreadOf(residuals), counts ? 1 : 1e-9)
  const told = { series, expected, spread, counts }
  const points = runs(residuals, (residual) => Math.abs(residual) >= threshold * spread)
  return [
    ...points.map(([from, to]) => describe(told, from, to)),
    ...levels.slice(1).map(({ from, to }, index) => {
      const before = levels[index]
      return shift(told, from, to, at(levelAt, before?.from ?? 0) - at(levelAt, from))
    }),
  ].toSorted((one, other) => one.from - other.from)
}

const toScale = (value: number, counts: boolean) =>
  counts ? 2 * Math.sqrt(Math.max(0, value) + 0.375) : value
const fromScale = (value: number, counts: boolean) =>
  counts ? Math.max(0, (Math.max(0, value) / 2) ** 2 - 0.375) : value

type Level = { from: number; to: number; level: number }
type Told = { series: Series; expected: readonly number[]; spread: number; counts: boolean }

function spreadOf(residuals: Series): number {
  const values = residuals.filter((value): value is number => value !== null)
  return medianAndSpread(values)?.spread ?? 0
}

/** The median of what is above the level at each step of the season. */
function seasonOf(scaled: Series, levelAt: readonly number[], season: number): number[] {
  return Array.from({ length: season }, (_, slot) => {
    const own: number[] = []
    for (let step = slot; step < scaled.length; step += season) {
      const value = scaled[step]
      if (value !== null && value !== undefined) own.push(value - at(levelAt, step))
    }
    return median(own) ?? 0
  })
}

function levelBySteps(levels: readonly Level[], length: number): number[] {
  const values = new Array<number>(length).fill(0)
  for (const { from, to, level } of levels) values.fill(level, from, to + 1)
  return values
}

/**
 * Stretches between which the level changes for good: binary segmentation on the residual of the
 * season, each cut where the medians of both sides differ most, as long as that is clear.
 */
function segments(scaled: Series, season: number, least: number, threshold: number): Level[] {
  const flat = deseasoned(scaled, season)
  const open: [from: number, to: number][] = [[0, flat.length - 1]]
  const done: Level[] = []
  for (let next = open.pop(); next; next = open.pop()) {
    const [from, to] = next
    const cut = bestCut(flat, from, to, least, threshold)
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
function bestCut(
  flat: Series,
  from: number,
  to: number,
  least: number,
  threshold: number,
): number | null {
  const found = cumulativeCut(flat, from, to, least)
  if (found === null) return null
  const before = valuesOf(flat, from, found - 1)
  const after = valuesOf(flat, found, to)
  const [low, high] = [medianAndSpread(before), medianAndSpread(after)]
  if (!low || !high) return null
  const spread = Math.max(1, Math.min(low.spread, high.spread))
  // The medians of n values vary by 1.25 / √n; what is left must still be a good part of one spread.
  const sure = threshold * 1.25 * spread * Math.sqrt(1 / before.length + 1 / after.length)
  return Math.abs(high.middle - low.middle) >= Math.max(sure, 1.5 * spread) ? found : null
}

/** CUSUM of clipped deviations: its extreme is where the level changed, and one spike cannot move it. */
function cumulativeCut(flat: Series, from: number, to: number, least: number): number | null {
  const own = medianAndSpread(valuesOf(flat, from, to))
  if (!own || to - from + 1 < 2 * least) return null
  const reach = 3 * Math.max(own.spread, 1e-9)
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

/** Stretches of neighbouring steps for which something holds; a step that nobody saw ends one. */
function runs(values: Series, holds: (value: number) => boolean): [from: number, to: number][] {
  const found: [number, number][] = []
  for (const [step, value] of values.entries()) {
    if (value === null || !holds(value)) continue
    const last = found.at(-1)
    if (last && last[1] === step - 1) last[1] = step
    else found.push([step, step])
  }
  return found
}

const averageOf = (values: readonly (number | null)[]): number => {
  const own = values.filter((value): value is number => value !== null)
  return own.reduce((total, value) => total + value, 0) / Math.max(1, own.length)
}

function describe({ series, expected, spread, counts }: Told, from: number, to: number): Anomaly {
  const actual = averageOf(series.slice(from, to + 1))
  const usual = averageOf(expected.slice(from, to + 1))
  const z = (toScale(actual, counts) - usual) / spread
  const kind = z > 0 ? 'spike' : 'dip'
  return { from, to, kind, actual, expected: fromScale(usual, counts), z }
}

/** Against what would have been expected had the level stayed. */
function shift(told: Told, from: number, to: number, back: number): Anomaly {
  const { series, expected, spread, counts } = told
  const usual = averageOf(expected.slice(from, to + 1).map((value) => value + back))
  return {
    from,
    to,
    kind: 'level_shift',
    actual: averageOf(series.slice(from, to + 1)),
    expected: fromScale(usual, counts),
    z: -back / spread,
  }
}
