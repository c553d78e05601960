import { at, type Series, sum } from '../series.ts'
import {
  type Coverage,
  coverageOf,
  leastForecasts,
  type PastForecast,
  widthsOf,
} from './intervals.ts'
import {
  dampedHolt,
  holtWinters,
  type Method,
  type MethodName,
  meanOf,
  seasonalNaive,
  simpleMovingAverage,
} from './methods.ts'

export type ForecastPoint = {
  value: number
  low80: number
  high80: number
  low95: number
  high95: number
}

export type MethodScore = {
  method: MethodName
  /** Mean absolute scaled error of the backtest: below 1 beats "as a season ago". null: too short. */
  mase: number | null
}

export type Forecast =
  | {
      points: ForecastPoint[]
      method: MethodName
      /** Every method that was tried, the chosen one first. */
      scores: MethodScore[]
      /** How many forecasts of the past the choice and the intervals stand on. */
      backtests: number
      coverage: Coverage
      reason: null
    }
  | { points: null; reason: 'too_short' | 'too_many_holes' | 'constant' }

type Options = {
  steps: number
  /** Steps of a season: 7 of days, 24 of hours. */
  season: number
  /** Values that cannot be below this (counts: 0). */
  least?: number
}

const mostBacktests = 40
const mostHoles = 0.2
/** Another method must be this much better than the plainest: less is luck. */
const clearlyBetter = 0.98

/**
 * The next values of a series, by the method that did best on its own past (rolling origin, MASE;
 * Hyndman & Koehler 2006), with intervals from that method's own errors. Holes are filled with what
 * the season before says; a series with many is refused.
 */
export function forecast(series: Series, options: Options): Forecast {
  const history = filled(series, options.season)
  if (!history) return { points: null, reason: 'too_many_holes' }
  const { season, steps } = options
  // Two seasons to learn from, and forecasts of the past to judge by.
  if (history.length < 2 * season + Math.max(leastForecasts, Math.min(steps, season))) {
    return { points: null, reason: 'too_short' }
  }
  const scale = seasonalError(history, season)
  if (scale === 0) return { points: null, reason: 'constant' }
  const tried = methodsFor(season)
    .map((method) => backtest(method, history, options, scale))
    .toSorted((one, other) => (one.mase ?? Infinity) - (other.mase ?? Infinity))
  const plain = tried.find(({ method }) => method.name === 'seasonal_naive')
  const [first] = tried
  const worth =
    first && plain && (first.mase ?? Infinity) <= clearlyBetter * (plain.mase ?? Infinity)
  const best = worth ? first : plain
  if (!best) return { points: null, reason: 'too_short' }
  return told(best, tried, history, options)
}

type Backtest = {
  method: Method
  mase: number | null
  past: PastForecast[]
}

function methodsFor(season: number): Method[] {
  const naive = seasonalNaive(season)
  const winters = holtWinters(season)
  const sma = simpleMovingAverage(season)
  return [naive, sma, dampedHolt, winters, meanOf([naive, sma, winters])]
}

/** Forecasts from earlier moments, each seeing only what came before it. */
function backtest(
  method: Method,
  history: readonly number[],
  { steps, season }: Options,
  scale: number,
): Backtest {
  const least = Math.max(2 * season, method.needs)
  const most = history.length - 1
  const stride = Math.max(1, Math.ceil((most - least + 1) / mostBacktests))
  const past: PastForecast[] = []
  for (let origin = most; origin >= least; origin -= stride) {
    const said = method.forecast(history.slice(0, origin), Math.min(steps, history.length - origin))
    past.push({ origin, errors: said.map((value, step) => at(history, origin + step) - value) })
  }
  const all = past.flatMap(({ errors }) => errors)
  const mase = all.length === 0 ? null : sum(all.map(Math.abs)) / all.length / scale
  return { method, mase, past }
}

/** The mean error of "as a season ago" within the history: what MASE is measured in. */
function seasonalError(history: readonly number[], season: number): number {
  let total = 0
  for (let t = season; t < history.length; t++) {
    total += Math.abs(at(history, t) - at(history, t - season))
  }
  return total / (history.length - season)
}

function told(
  best: Backtest,
  tried: readonly Backtest[],
  history: readonly number[],
  { steps, least = -Infinity }: Options,
): Forecast {
  const values = best.method.forecast(history, steps)
  const { spreads, reach80, reach95 } = widthsOf(best.past, steps)
  const atLeast = (value: number) => Math.max(least, value)
  return {
    points: values.map((value, step) => ({
      value: atLeast(value),
      low80: atLeast(value - reach80 * at(spreads, step)),
      high80: atLeast(value + reach80 * at(spreads, step)),
      low95: atLeast(value - reach95 * at(spreads, step)),
      high95: atLeast(value + reach95 * at(spreads, step)),
    })),
    method: best.method.name,
    scores: tried.map(({ method, mase }) => ({ method: method.name, mase })),
    backtests: best.past.length,
    coverage: coverageOf(best.past, steps),
    reason: null,
  }
}

/** Without holes: each takes the value of a season before, or after; null where a fifth is missing. */
function filled(series: Series, season: number): number[] | null {
  const holes = series.filter((value) => value === null).length
  if (holes > mostHoles * series.length) return null
  const values = [...series]
  const fill = (t: number, from: number) => {
    values[t] ??= values[from] ?? null
  }
  for (let t = 0; t < values.length; t++) fill(t, t - season)
  for (let t = values.length - 1; t >= 0; t--) fill(t, t + season)
  for (let t = 1; t < values.length; t++) fill(t, t - 1)
  for (let t = values.length - 2; t >= 0; t--) fill(t, t + 1)
  return values.every((value) => value !== null) ? values : null
}
