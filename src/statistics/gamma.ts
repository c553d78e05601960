const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
]

/** ln Γ(x) for x > 0, Lanczos (g = 7, n = 9): 15 digits. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const shifted = x - 1
  let series = lanczos[0] ?? 0
  for (const [index, coefficient] of lanczos.entries()) {
    if (index > 0) series += coefficient / (shifted + index)
  }
  const t = shifted + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(series)
}

const most = 1_000
const enough = 1e-14

/** P(a, x), the regularised lower incomplete gamma function (Numerical Recipes 6.2). */
export function lowerGamma(a: number, x: number): number {
  if (x <= 0) return 0
  const front = Math.exp(-x + a * Math.log(x) - logGamma(a))
  if (x < a + 1) {
    let term = 1 / a
    let total = term
    for (let n = 1; n < most && Math.abs(term) > Math.abs(total) * enough; n++) {
      term *= x / (a + n)
      total += term
    }
    return Math.min(1, total * front)
  }
  return Math.max(0, 1 - front * upperFraction(a, x))
}

/** Lentz's continued fraction for Q(a, x), without its front factor. */
function upperFraction(a: number, x: number): number {
  const tiny = 1e-300
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let h = d
  for (let n = 1; n < most; n++) {
    const an = -n * (n - a)
    b += 2
    d = 1 / (Math.abs(an * d + b) < tiny ? tiny : an * d + b)
    c = Math.abs(b + an / c) < tiny ? tiny : b + an / c
    const change = c * d
    h *= change
    if (Math.abs(change - 1) < enough) break
  }
  return h
}

/** The x with P(a, x) = share, by bisection. */
export function gammaQuantile(a: number, share: number): number {
  let high = Math.max(1, a)
  while (lowerGamma(a, high) < share) high *= 2
  let low = 0
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2
    if (lowerGamma(a, middle) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}
