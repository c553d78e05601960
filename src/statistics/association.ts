/** Of `total` posts, `a` carry one tag, `b` the other and `both` the two. */
export type Counts = { total: number; a: number; b: number; both: number }

export type Association = {
  /** |A∩B| / |A|: of the posts with A, how many carry B. The seed's measure; it favours what is everywhere. */
  rate: number
  /** How many times as often together as if they had nothing to do with each other; 1: nothing. */
  lift: number
  /** Normalised pointwise mutual information (Bouma 2009): -1 never, 0 by chance, 1 always together. */
  npmi: number
  /** |A∩B| / |A∪B| */
  jaccard: number
  support: number
}

/** null where a tag, or everything, is empty: nothing can be said. */
export function association({ total, a, b, both }: Counts): Association | null {
  if (total <= 0 || a <= 0 || b <= 0) return null
  const lift = (both * total) / (a * b)
  return {
    rate: both / a,
    lift,
    npmi: npmiOf(lift, both / total),
    jaccard: both / (a + b - both),
    support: both,
  }
}

function npmiOf(lift: number, together: number): number {
  if (together === 0) return -1
  return together === 1 ? 1 : Math.log(lift) / -Math.log(together)
}
