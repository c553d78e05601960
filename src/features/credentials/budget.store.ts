import type { EntityManager } from '@mikro-orm/postgresql'
import type { Clock } from '../../core/clock.ts'
import { forWorkspace } from '../../database/database.ts'
import type { Booking, Budget, Cost, Observation } from '../../platforms/budget.ts'
import { PlatformError } from '../../platforms/platform-error.ts'
import { type EffectiveLimit, inWords } from './budget.limits.ts'
import { findOpenWindows, type OpenWindow } from './budget.queries.ts'
import {
  adjustWindows,
  type Charged,
  chargeWindows,
  correctWindow,
  type WindowOwner,
} from './budget.repository.ts'
import { windowAt } from './budget.window.ts'

export type BudgetOptions = {
  em: EntityManager
  clock: Clock
  owner: WindowOwner
  platform: { id: string; name: string }
  limits: EffectiveLimit[]
}

type Store = Omit<BudgetOptions, 'em'> & { em: EntityManager }

/** A header that puts the reset further away than this is taken for a mistake. */
const longestSeenWindowMs = 86_400_000

/**
 * A profile's budget in the database, so that any number of processes share it. Each booking is a
 * short transaction of its own: what it books stays booked when the caller's work is rolled back,
 * because the call was made all the same.
 */
export function openBudget(options: BudgetOptions): Budget {
  const store: Store = { ...options, em: forWorkspace(options.em, options.owner.workspaceId) }
  return {
    take: (costs) => take(store, costs),
    observe: (bucket, seen) => observe(store, bucket, seen),
    remaining: async (bucket) => {
      const now = store.clock.now()
      const windows = await findOpenWindows(store.em, store.owner.profileId, now)
      return leftOf(limitOf(store, bucket), windows.get(bucket))
    },
  }
}

/** What is left of a limit in the window that runs now; never below 0. */
export function leftOf(limit: EffectiveLimit, window: OpenWindow | undefined): number {
  if (!window) return limit.amount
  return Math.max(0, Math.min(limit.amount, window.seenLimit ?? limit.amount) - window.used)
}

async function take(store: Store, costs: Cost[]): Promise<Booking> {
  const booked = sumByBucket(costs)
  if (booked.size === 0) return { settle: async () => {} }
  const now = store.clock.now()
  const charges = [...booked].map(([bucket, amount]) => {
    const limit = limitOf(store, bucket)
    return { bucket, amount, limit: limit.amount, ...windowAt(limit.window, now) }
  })
  const charged = await store.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const done = await chargeWindows(em, store.owner, charges, now)
    if (done.length === charges.length) return done
    // Thrown inside the transaction: all buckets or none.
    const windows = await findOpenWindows(em, store.owner.profileId, now)
    const full = charges.filter(({ bucket }) => done.every((one) => one.bucket !== bucket))
    throw exhausted(store, full, windows, now)
  })
  return { settle: settleOnce(store, charged, booked) }
}

/** Buckets that `actual` does not name stay as they were booked: their call was made. */
function settleOnce(store: Store, charged: Charged[], booked: Map<string, number>) {
  let settled = false
  return async (actual: Cost[]): Promise<void> => {
    if (settled) return
    settled = true
    const used = sumByBucket(actual, true)
    const adjustments = charged.flatMap((charge) => {
      const difference = (used.get(charge.bucket) ?? Number.NaN) - (booked.get(charge.bucket) ?? 0)
      return Number.isNaN(difference) || difference === 0 ? [] : [{ ...charge, difference }]
    })
    if (adjustments.length === 0) return
    await adjustWindows(store.em, store.owner, adjustments, store.clock.now())
  }
}

async function observe(store: Store, bucket: string, seen: Observation): Promise<void> {
  const now = store.clock.now()
  const limit = limitOf(store, bucket)
  const toReset = seen.resetsAt.getTime() - now.getTime()
  // A reset that has passed speaks of a window that is over.
  if (!(toReset > 0 && toReset <= longestSeenWindowMs) || !(seen.remaining >= 0)) return
  const seenLimit = seen.limit !== undefined && seen.limit > 0 ? Math.floor(seen.limit) : null
  const sighting = {
    bucket,
    limit: limit.amount,
    seenLimit,
    remaining: Math.floor(seen.remaining),
    seenResetsAt: seen.resetsAt,
    // An override below the platform's own limit is a window of ours: a refill there is none here.
    sameWindow:
      limit.window.kind === 'rolling' && limit.amount >= (seenLimit ?? limit.platformAmount),
    span: windowAt(limit.window, now),
  }
  await correctWindow(store.em, store.owner, sighting, now)
}

function limitOf(store: Store, bucket: string): EffectiveLimit {
  const limit = store.limits.find((one) => one.bucket === bucket)
  if (!limit) throw new Error(`${store.platform.name} declares no limit for '${bucket}'`)
  return limit
}

function sumByBucket(costs: Cost[], keepZero = false): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { bucket, amount } of costs) {
    if (!(amount >= 0)) throw new RangeError(`A cost of '${bucket}' cannot be ${amount}`)
    if (amount > 0 || keepZero) sums.set(bucket, (sums.get(bucket) ?? 0) + Math.ceil(amount))
  }
  return sums
}

function exhausted(
  store: Store,
  full: (Cost & { resetsAt: Date })[],
  windows: Map<string, OpenWindow>,
  now: Date,
): PlatformError {
  const told = full.map(({ bucket, amount, resetsAt }) => {
    const limit = limitOf(store, bucket)
    const window = windows.get(bucket)
    const until = window && window.resetsAt > now ? window.resetsAt : resetsAt
    const left = inWords(limit.unit, leftOf(limit, window))
    const of = inWords(limit.unit, limit.amount)
    const needs = inWords(limit.unit, amount)
    return { until, words: `${limit.label}: ${left} of ${of} left, this call needs ${needs}` }
  })
  const until = new Date(Math.max(...told.map((one) => one.until.getTime())))
  const words = told.map((one) => one.words).join('; ')
  const message = `The ${store.platform.name} budget of this profile does not allow the call (${words}). It refills at ${until.toISOString()}`
  return new PlatformError(store.platform.id, 'budget_exhausted', message, { until })
}
