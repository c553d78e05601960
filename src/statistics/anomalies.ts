import { type Level, levelsOf, seasonOf, spreadOfChanges } from './levels.ts'
import { medianAndSpread } from './quantile.ts'
import { at, known, type Series } from './series.ts'

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
  const rounding = negligible * sizeOf(scaled)
  const levels = levelsOf(scaled, { season, least: shiftSteps, threshold, rounding, counts })
  const levelAt = levelBySteps(levels, series.length)
  const usual = seasonOf(scaled, levelAt, season)
  const expected = series.map((_, step) => at(levelAt, step) + at(usual, step % season))
  const residuals = scaled.map((value, step) =>
    value === null ? null : value - at(expected, step),
  )
  // Of few seasons their median lies on the values themselves, and what is left looks too calm.
  const flat = scaled.map((value, step) => (value === null ? null : value - at(levelAt, step)))
  const least = counts ? 1 : Math.max(rounding, spreadOfChanges(flat, season))
  const spread = Math.max(spreadOf(residuals), least)
  const told = { series, residuals, expected, spread, counts }
  return [
    ...runs(residuals, threshold * spread).map((run) => describe(told, run)),
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

/** Of the largest value: less than this is rounding, whatever the unit. */
const negligible = 1e-9
const sizeOf = (scaled: Series): number =>
  scaled.reduce((most: number, value) => Math.max(most, Math.abs(value ?? 0)), 0) || 1

type Told = {
  series: Series
  residuals: Series
  expected: readonly number[]
  spread: number
  counts: boolean
}

function spreadOf(residuals: Series): number {
  return medianAndSpread(known(residuals))?.spread ?? 0
}

function levelBySteps(levels: readonly Level[], length: number): number[] {
  const values = new Array<number>(length).fill(0)
  for (const { from, to, level } of levels) values.fill(level, from, to + 1)
  return values
}

type Run = { from: number; to: number; kind: 'spike' | 'dip' }

/** Neighbouring steps that lie so far off to the same side; a step that nobody saw ends a run. */
function runs(residuals: Series, least: number): Run[] {
  const found: Run[] = []
  for (const [step, residual] of residuals.entries()) {
    if (residual === null || Math.abs(residual) < least) continue
    const kind = residual > 0 ? 'spike' : 'dip'
    const last = found.at(-1)
    if (last && last.to === step - 1 && last.kind === kind) last.to = step
    else found.push({ from: step, to: step, kind })
  }
  return found
}

const averageOf = (values: readonly (number | null)[]): number => {
  const own = values.filter((value): value is number => value !== null)
  return own.reduce((total, value) => total + value, 0) / Math.max(1, own.length)
}

/** z is the mean of its steps' own: means of counts, put on their scale, would not be comparable. */
function describe(told: Told, { from, to, kind }: Run): Anomaly {
  const { series, residuals, expected, spread, counts } = told
  const usual = expected.slice(from, to + 1).map((value) => fromScale(value, counts))
  return {
    from,
    to,
    kind,
    actual: averageOf(series.slice(from, to + 1)),
    expected: averageOf(usual),
    z: averageOf(residuals.slice(from, to + 1)) / spread,
  }
}

/** Against what would have been expected had the level stayed. */
function shift(told: Told, from: number, to: number, back: number): Anomaly {
  const { series, expected, spread, counts } = told
  const usual = expected.slice(from, to + 1).map((value) => fromScale(value + back, counts))
  return {
    from,
    to,
    kind: 'level_shift',
    actual: averageOf(series.slice(from, to + 1)),
    expected: averageOf(usual),
    z: -back / spread,
  }
}
