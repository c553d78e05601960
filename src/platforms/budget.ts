/** How long a bucket lasts before it is full again. */
export type BudgetWindow =
  | { kind: 'rolling'; seconds: number }
  /** Refills at midnight of this IANA zone. */
  | { kind: 'day'; timeZone: string }
  /** Refills on the first of the month, UTC. */
  | { kind: 'month' }

export type Limit = {
  bucket: string
  /** In the platform's own unit. Dollars are counted in micro-dollars to stay whole. */
  unit: 'points' | 'requests' | 'units' | 'micro_dollars'
  /** The default; a profile may override it. */
  amount: number
  window: BudgetWindow
  label: string
}

/** Asked before every call and told after it. Throws PlatformError('budget_exhausted'). */
export type Budget = {
  /**
   * Books the cost before the call, all buckets or none. Book the most that a call can cost; what it
   * did not use goes back with `settle`.
   */
  take: (costs: Cost[]) => Promise<Booking>
  /** What a response's headers say; corrects our own count, never upwards past the limit. */
  observe: (bucket: string, seen: Observation) => Promise<void>
  /** How much of a bucket is left right now. */
  remaining: (bucket: string) => Promise<number>
}

export type Cost = { bucket: string; amount: number }
export type Booking = { settle: (actual: Cost[]) => Promise<void> }
export type Observation = { limit?: number; remaining: number; resetsAt: Date }
