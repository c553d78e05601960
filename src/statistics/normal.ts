/** Φ: the share of a standard normal below z. */
export function normalShare(z: number): number {
  return 0.5 * complementaryError(-z / Math.SQRT2)
}

/** erfc by the Chebyshev fit of Numerical Recipes 6.2.2: relative error below 1.2e-7. */
function complementaryError(x: number): number {
  const t = 1 / (1 + 0.5 * Math.abs(x))
  const fit = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398,
    1.48851587, -0.82215223, 0.17087277,
  ]
  let polynomial = 0
  for (const coefficient of fit.toReversed()) polynomial = polynomial * t + coefficient
  const tail = t * Math.exp(-x * x + polynomial)
  return x >= 0 ? tail : 2 - tail
}

/** Φ⁻¹ by bisection on Φ: exact enough (1e-7) and never asked for often. Share between 0 and 1. */
export function normalQuantile(share: number): number {
  if (!(share > 0 && share < 1)) throw new RangeError('A share lies between 0 and 1.')
  let [low, high] = [-10, 10]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (normalShare(middle) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}
