import type { z } from 'zod'
import type { Context } from '../../../context.ts'
import { normalQuantile } from '../../../statistics/normal.ts'
import type { reported } from '../authors/author.schemas.ts'
import { frameOf } from '../frame/answer.ts'
import { wholeQuarters } from '../frame/buckets.ts'
import { definitionsOf } from '../frame/definitions.ts'
import { type Figure, figure } from '../frame/figure.ts'
import { whyNull } from '../frame/reasons.ts'
import { scopeOf } from '../frame/scope.ts'
import { type SlotRow, sumSlots } from './patterns.queries.ts'
import type { EngagementPatterns, PatternsQuery } from './patterns.schemas.ts'
import { dispersionOf, hoursOfSlots, rateOf, type Slot, slotOf } from './slots.ts'

const shownPeaks = 5
const notTold = 'not_reported'

/** What posts gathered by the hour of the week of their publication, and whether there is a peak. */
export async function engagementPatterns(
  ctx: Pick<Context, 'em' | 'clock'>,
  { zone, measure, ...query }: PatternsQuery,
): Promise<z.input<typeof EngagementPatterns>> {
  const scope = wholeQuarters(scopeOf(query, ctx))
  const found = await sumSlots(ctx.em, scope, zone, measure)
  const hours = hoursOfSlots(zone, Date.parse(scope.from), Date.parse(scope.to))
  const slots = slotsOf(found, hours)
  const all = together(slots)
  const dispersion = dispersionOf(slots)
  const cells = slots.map((slot) => cellOf(slot, all.total, dispersion))
  return {
    ...(await frameOf(ctx, scope)),
    definitions: definitionsOf([measure, 'average_per_post', 'share_of_total', 'weekday_ratio']),
    zone,
    cells,
    total: figure(measure, all.n > 0 ? all.total : null, all.n, whyNone(all)),
    dispersion,
    ...peaksOf(cells),
    ...weekOf(slots, dispersion),
  }
}

type FullSlot = Slot & { day: number; hour: number; row: SlotRow | undefined }

function slotsOf(found: readonly SlotRow[], hours: Float64Array): FullSlot[] {
  const rows = new Map(found.map((row) => [slotOf(row.day, row.hour), row]))
  return Array.from(hours, (length, index) => {
    const row = rows.get(index)
    return {
      day: Math.floor(index / 24) + 1,
      hour: index % 24,
      hours: length,
      total: Number(row?.total ?? 0),
      // An hour in which nothing was published gathered nothing: that is told.
      n: row ? Number(row.n) : 1,
      squares: row?.squares ?? 0,
      row,
    }
  })
}

/** Of some slots: without a post there is nothing, else no post tells it. */
const whyNone = ({ posts }: { posts: number }) => (posts > 0 ? notTold : 'no_items')

function together(slots: readonly FullSlot[]): Slot & { posts: number } {
  const sum = (of: (slot: FullSlot) => number) => slots.reduce((total, slot) => total + of(slot), 0)
  return {
    total: sum(({ total }) => total),
    n: sum(({ row }) => Number(row?.n ?? 0)),
    posts: sum(({ row }) => Number(row?.posts ?? 0)),
    hours: sum((slot) => slot.hours),
    squares: 0,
  }
}

type Reported = (typeof reported)[number]

function cellOf(slot: FullSlot, all: number, dispersion: number | null) {
  const { row, hours, day, hour } = slot
  const [posts, n] = [Number(row?.posts ?? 0), Number(row?.n ?? 0)]
  const told = (name: Reported) =>
    row && Number(row[`${name}_n`]) === 0 ? null : Number(row?.[name] ?? 0)
  const total = slot.n > 0 ? slot.total : null
  const sums = {
    views: told('views'),
    likes: told('likes'),
    comments: told('comments'),
    shares: told('shares'),
    total,
  }
  const averagePerPost = n > 0 ? slot.total / n : null
  const percentOfTotal = all > 0 && total !== null ? (total / all) * 100 : null
  const { reasons, ...rate } = rateWhy({ ...slot, posts }, dispersion)
  return {
    ...{ day, hour, hours, posts, ...sums, averagePerPost, percentOfTotal, ...rate },
    reasons: {
      ...whyNull(sums, notTold),
      ...whyNull({ averagePerPost }, whyNone({ posts })),
      ...whyNull({ percentOfTotal }, total === null ? notTold : 'total_is_zero'),
      ...reasons,
    },
  }
}

/** An hour's rate, or why there is none. */
function rateWhy(slot: Slot & { posts: number }, dispersion: number | null) {
  const rate = rateOf(slot, dispersion)
  const { perHour } = rate
  return {
    ...rate,
    reasons: whyNull({ perHour }, slot.hours === 0 ? 'no_such_hour' : whyNone(slot)),
  }
}

type Rated = ReturnType<typeof cellOf> & Record<'total' | 'perHour' | 'low' | 'high', number>

function peaksOf(cells: readonly ReturnType<typeof cellOf>[]) {
  const rated = cells
    .filter((cell): cell is Rated => cell.perHour !== null && (cell.total ?? 0) > 0)
    .toSorted((one, other) => other.perHour - one.perHour)
  const [best] = rated
  const peaks = rated.slice(0, shownPeaks).map(({ day, hour, perHour, low, high }, place) => {
    const next = rated[place + 1]
    return { day, hour, perHour, low, high, isClear: next !== undefined && low > next.high }
  })
  const verdict = peaks[0]?.isClear ? ('clear_peak' as const) : ('peaks_overlap' as const)
  return {
    peaks,
    verdict: rated.length < 2 ? ('nothing_to_compare' as const) : verdict,
    notTellable: best ? rated.filter((one) => one !== best && one.high >= best.low).length : 0,
  }
}

function weekOf(slots: readonly FullSlot[], dispersion: number | null) {
  const weekdays = together(slots.filter(({ day }) => day <= 5))
  const weekends = together(slots.filter(({ day }) => day > 5))
  return {
    weekdays: rateWhy(weekdays, dispersion),
    weekends: rateWhy(weekends, dispersion),
    weekdayRatio: ratioOf(weekdays, weekends, dispersion ?? 1),
  }
}

/** Of two rates, with the interval of its logarithm. */
function ratioOf(one: Slot, other: Slot, dispersion: number): Figure {
  const n = one.n + other.n
  const isKnown = one.total > 0 && other.total > 0 && one.hours > 0 && other.hours > 0
  if (!isKnown) return figure('weekday_ratio', null, n, n > 0 ? 'one_side_is_zero' : 'no_items')
  const ratio = one.total / one.hours / (other.total / other.hours)
  const half = normalQuantile(0.975) * Math.sqrt(dispersion * (1 / one.total + 1 / other.total))
  return {
    ...figure('weekday_ratio', ratio, n),
    low: ratio * Math.exp(-half),
    high: ratio * Math.exp(half),
    level: 0.95,
  }
}
