import { at, sum } from '../series.ts'

/** Learns from `history` (one value a step, no holes) and says the next `steps` values. */
export type Method = {
  name: MethodName
  /** Fewer values than this say too little. */
  needs: number
  forecast: (history: readonly number[], steps: number) => number[]
}
export type MethodName =
  | 'simple_moving_average'
  | 'damped_holt'
  | 'holt_winters'
  | 'seasonal_naive'
  | 'mean_of_methods'

const repeat = (value: number, steps: number): number[] => new Array<number>(steps).fill(value)

/** The mean of the last `window` values, for every step ahead (the seeds' named method). */
export const simpleMovingAverage = (window: number): Method => ({
  name: 'simple_moving_average',
  needs: 1,
  forecast: (history, steps) => {
    const last = history.slice(-window)
    return repeat(sum(last) / last.length, steps)
  },
})

/** What the same step of the last season was: the method that others have to beat. */
export const seasonalNaive = (season: number): Method => ({
  name: 'seasonal_naive',
  needs: season,
  forecast: (history, steps) =>
    Array.from({ length: steps }, (_, step) =>
      at(history, history.length - season + (step % season)),
    ),
})

type HoltParameters = { alpha: number; beta: number; phi: number }
type HoltState = { level: number; trend: number; error: number }

/** Gardner's damped trend: level and trend by exponential smoothing, the trend fading by phi a step. */
function runHolt(history: readonly number[], { alpha, beta, phi }: HoltParameters): HoltState {
  let level = at(history, 0)
  let trend = history.length > 1 ? at(history, 1) - level : 0
  let error = 0
  for (let t = 1; t < history.length; t++) {
    const expected = level + phi * trend
    const residual = at(history, t) - expected
    error += residual ** 2
    level = expected + alpha * residual
    trend = phi * trend + alpha * beta * residual
  }
  return { level, trend, error }
}

const alphas = [0.05, 0.1, 0.2, 0.35, 0.5, 0.8]
const betas = [0.02, 0.1, 0.3]
const phis = [0.8, 0.9, 0.98]
const gammas = [0.02, 0.1, 0.25, 0.5]

const dampedSum = (phi: number, step: number) => (phi * (1 - phi ** step)) / (1 - phi)

export const dampedHolt: Method = {
  name: 'damped_holt',
  needs: 5,
  forecast: (history, steps) => {
    const choices = alphas.flatMap((alpha) =>
      betas.flatMap((beta) => phis.map((phi) => ({ alpha, beta, phi }))),
    )
    const fits = choices.map((choice) => ({ choice, ...runHolt(history, choice) }))
    const best = fits.reduce((one, other) => (other.error < one.error ? other : one))
    return Array.from(
      { length: steps },
      (_, step) => best.level + dampedSum(best.choice.phi, step + 1) * best.trend,
    )
  },
}

type WintersParameters = HoltParameters & { gamma: number }
type Start = { level: number; trend: number; seasonal: Float64Array }

/** From the first two seasons. */
function startOf(history: readonly number[], season: number): Start {
  const first = sum(history.slice(0, season)) / season
  const second = sum(history.slice(season, 2 * season)) / season
  return {
    level: first,
    trend: (second - first) / season,
    seasonal: Float64Array.from(
      { length: season },
      (_, slot) => (at(history, slot) - first + at(history, slot + season) - second) / 2,
    ),
  }
}

/**
 * Additive seasons over a damped trend. `seasonal` is written over, because this runs for hundreds of
 * parameters; it gives up where the error exceeds `enough`, since another choice is better already.
 */
function runWinters(
  history: Float64Array,
  start: Start,
  seasonal: Float64Array,
  { alpha, beta, gamma, phi }: WintersParameters,
  enough: number,
): HoltState {
  const season = seasonal.length
  seasonal.set(start.seasonal)
  let { level, trend } = start
  let error = 0
  let slot = 0
  for (let t = season; t < history.length && error < enough; t++) {
    const usual = seasonal[slot] ?? 0
    const expected = level + phi * trend
    const residual = (history[t] ?? 0) - expected - usual
    error += residual * residual
    level = expected + alpha * residual
    trend = phi * trend + alpha * beta * residual
    seasonal[slot] = usual + gamma * (1 - alpha) * residual
    slot = slot + 1 === season ? 0 : slot + 1
  }
  return { level, trend, error }
}

const wintersChoices: readonly WintersParameters[] = alphas.flatMap((alpha) =>
  betas.flatMap((beta) =>
    phis.flatMap((phi) => gammas.map((gamma) => ({ alpha, beta, phi, gamma }))),
  ),
)

export const holtWinters = (season: number): Method => ({
  name: 'holt_winters',
  needs: 2 * season + 1,
  forecast: (history, steps) => {
    const values = Float64Array.from(history)
    const start = startOf(history, season)
    const seasonal = new Float64Array(season)
    let best: WintersParameters | undefined
    let least = Infinity
    for (const choice of wintersChoices) {
      const { error } = runWinters(values, start, seasonal, choice, least)
      if (error < least) [best, least] = [choice, error]
    }
    // All of them overflowed: no history of posts does.
    if (!best) return repeat(Number.NaN, steps)
    const { level, trend } = runWinters(values, start, seasonal, best, Infinity)
    const { phi } = best
    return Array.from(
      { length: steps },
      (_, step) =>
        level + dampedSum(phi, step + 1) * trend + at(seasonal, (history.length + step) % season),
    )
  },
})

/** The mean of what several say: seldom the best and hardly ever the worst (M4, Makridakis 2020). */
export const meanOf = (methods: readonly Method[]): Method => ({
  name: 'mean_of_methods',
  needs: Math.max(...methods.map(({ needs }) => needs)),
  forecast: (history, steps) => {
    const said = methods.map((method) => method.forecast(history, steps))
    return Array.from(
      { length: steps },
      (_, step) => sum(said.map((values) => at(values, step))) / said.length,
    )
  },
})
