import { fTail } from './beta.ts'
import { type Interval, studentFactor } from './intervals.ts'
import { mean, sum, variance } from './series.ts'

/** too_few: posts or units. no_variation: all alike, so nothing says what luck alone would do. */
export type Unknown = { lift: null; reason: 'too_few' | 'no_variation' }

const unknown = (reason: Unknown['reason']): Unknown => ({ lift: null, reason })

type Tested = {
  /** Ratio of geometric means less 1: 0.1 is ten percent more. */
  lift: number
  interval: Interval
  /** Two-sided chance of a difference this large if there is none. */
  pValue: number
}

export type Lift = Tested & { treated: number; control: number }

/**
 * How much better the treated posts did than the others, on ln(1 + engagement), whose ratio is what
 * people mean by "20 % more", by Welch's unequal variances. Nothing of fewer than two on a side.
 */
export function measuredLift(
  treated: readonly number[],
  control: readonly number[],
  level = 0.95,
): Lift | Unknown {
  const [one, other] = [treated.map(Math.log1p), control.map(Math.log1p)]
  const [a, b] = [mean(one), mean(other)]
  const [va, vb] = [variance(one), variance(other)]
  if (a === null || b === null || va === null || vb === null) return unknown('too_few')
  const [ea, eb] = [va / one.length, vb / other.length]
  const told = tested(a - b, Math.sqrt(ea + eb), welch(ea, one.length, eb, other.length), level)
  return told ? { ...told, treated: one.length, control: other.length } : unknown('no_variation')
}

/** Degrees of freedom of two means whose squared errors differ (Welch 1947). */
export const welch = (ea: number, n: number, eb: number, m: number): number =>
  (ea + eb) ** 2 / (ea ** 2 / (n - 1) + eb ** 2 / (m - 1))

/** Of logarithms of whole numbers: a smaller error is what rounding left of none. */
const leastError = 1e-6

/**
 * Student's two-sided test, as the F test of one degree, and his interval. null of no error: an
 * interval without width would call any difference a sure one.
 */
function tested(difference: number, error: number, degrees: number, level: number): Tested | null {
  if (!(error > leastError)) return null
  const half = studentFactor(Math.max(1, degrees), level) * error
  return {
    lift: Math.expm1(difference),
    interval: { low: Math.expm1(difference - half), high: Math.expm1(difference + half) },
    pValue: fTail((difference / error) ** 2, 1, Math.max(1, degrees)),
  }
}

/** Posts of one unit (a source and a stretch of time) that were treated, or were not. */
export type LiftCell = {
  unit: string
  /** What varies together: units of one cluster are no independent witnesses. */
  cluster: string
  treated: boolean
  n: number
  /** Sum and sum of squares of ln(1 + engagement). */
  total: number
  squares: number
}

export type Estimate = Tested & {
  /** What the interval was made from: independent posts, or clusters of them. */
  witnesses: 'posts' | 'clusters'
}

/** From so many clusters on, their own variation is the better measure of error. */
const leastClusters = 12

type Within = { cluster: string; weight: number; residual: number }

/**
 * How much better the treated posts of a unit did than its others, over all units: least squares with
 * a constant for each. Errors are robust to clusters where there are enough of them (Liang & Zeger
 * 1986, with the correction for few). Nothing where no unit has both kinds, or too few posts.
 */
export function liftWithin(cells: readonly LiftCell[], level = 0.95): Estimate | Unknown {
  const units = [...Map.groupBy(cells, ({ unit }) => unit).values()].map(centredUnit)
  const weight = sum(units.map(({ spread }) => spread))
  const posts = sum(cells.map(({ n }) => n))
  const free = posts - units.length - 1
  if (weight <= 1e-9 || free < 1) return unknown('too_few')
  const slope = sum(units.map(({ product }) => product)) / weight
  const left = sum(units.map(({ squares }) => squares)) - slope ** 2 * weight
  const telling = units.filter(({ spread }) => spread > 0)
  const scores: Within[] = telling.map(({ cluster, product, spread }) => ({
    cluster,
    weight: spread,
    residual: product - slope * spread,
  }))
  const clusters = Map.groupBy(scores, ({ cluster }) => cluster)
  if (clusters.size < leastClusters) {
    const error = Math.sqrt(Math.max(0, left) / free / weight)
    return estimated(tested(slope, error, free, level), 'posts')
  }
  const meat = sum(
    [...clusters.values()].map((own) => sum(own.map(({ residual }) => residual)) ** 2),
  )
  const few = clusters.size / (clusters.size - 1)
  const error = Math.sqrt(few * meat) / weight
  return estimated(tested(slope, error, clusters.size - 1, level), 'clusters')
}

const estimated = (told: Tested | null, witnesses: Estimate['witnesses']): Estimate | Unknown =>
  told ? { ...told, witnesses } : unknown('no_variation')

/** Deviations of a unit's posts from its own means: of treatment, of outcome, and their product. */
function centredUnit(cells: readonly LiftCell[]) {
  const n = sum(cells.map((cell) => cell.n))
  const total = sum(cells.map((cell) => cell.total))
  const treated = cells.filter((cell) => cell.treated)
  const treatedN = sum(treated.map((cell) => cell.n))
  const share = treatedN / n
  return {
    cluster: cells[0]?.cluster ?? '',
    spread: treatedN * (1 - share),
    product: sum(treated.map((cell) => cell.total)) - share * total,
    squares: sum(cells.map(({ squares }) => squares)) - total ** 2 / n,
  }
}

/** From so many treated on, they may vary in their own way (Welch); fewer are lent the others' spread. */
const leastForWelch = 5

/**
 * Difference in differences of units: by how much the treated changed more than the others did. Each
 * number is one unit's mean after less its mean before, so that a unit's posts are one witness and
 * not many. Nothing of nobody treated, or fewer than two others.
 */
export function differenceInDifferences(
  treated: readonly number[],
  control: readonly number[],
  level = 0.95,
): Estimate | Unknown {
  const [a, b] = [mean(treated), mean(control)]
  const others = variance(control)
  if (a === null || b === null || others === null) return unknown('too_few')
  const [k, m] = [treated.length, control.length]
  const own = variance(treated) ?? 0
  if (k < leastForWelch) {
    const degrees = k + m - 2
    const pooled = ((k - 1) * own + (m - 1) * others) / degrees
    const error = Math.sqrt(pooled * (1 / k + 1 / m))
    return estimated(tested(a - b, error, degrees, level), 'clusters')
  }
  const [ea, eb] = [own / k, others / m]
  return estimated(tested(a - b, Math.sqrt(ea + eb), welch(ea, k, eb, m), level), 'clusters')
}
