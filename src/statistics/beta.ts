import { logGamma } from './gamma.ts'

const most = 300
const enough = 1e-14
const tiny = 1e-300

/** I(a, b; x), the regularised incomplete beta function (Numerical Recipes 6.4). */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x),
  )
  return x < (a + 1) / (a + b + 2)
    ? (front * fraction(a, b, x)) / a
    : 1 - (front * fraction(b, a, 1 - x)) / b
}

function fraction(a: number, b: number, x: number): number {
  const kept = (value: number) => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1))
  let h = d
  for (let m = 1; m <= most; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / kept(1 + even * d)
    c = kept(1 + even / c)
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / kept(1 + odd * d)
    c = kept(1 + odd / c)
    const change = d * c
    h *= change
    if (Math.abs(change - 1) < enough) break
  }
  return h
}

/** The chance of an F at least this large with so many degrees of freedom, if there is nothing. */
export const fTail = (f: number, degrees1: number, degrees2: number): number =>
  f <= 0 ? 1 : incompleteBeta(degrees2 / 2, degrees1 / 2, degrees2 / (degrees2 + degrees1 * f))
