import { AppError } from '../../../core/errors.ts'
import { type Stretch, stretchesOf } from './local-time.ts'
import type { Scope } from './scope.ts'

export const bucketNames = ['hour', 'day', 'week'] as const
export type BucketName = (typeof bucketNames)[number]

/** Of a time line that is cut where a zone's hours, days or weeks begin. */
export type Bucket = {
  fromMs: number
  toMs: number
  /** How far the zone's clocks are ahead of UTC when it begins. */
  offsetMs: number
  /** Whole: neither the period's beginning nor its end cuts it. */
  whole: boolean
}

const minuteMs = 60_000
const quarterMs = 15 * minuteMs
const lengths = { hour: 60 * minuteMs, day: 1_440 * minuteMs, week: 7 * 1_440 * minuteMs }
/** 1 January 1970 was a Thursday; weeks begin on Monday. */
const shifts = { hour: 0, day: 0, week: 3 * lengths.day }

/** More are no series to look at, and cost what nobody waits for. */
const mostBuckets = 100_000

/** The period in whole quarters of an hour, which is what rollups are kept by. */
export const wholeQuarters = <S extends Pick<Scope, 'from' | 'to'>>(scope: S): S => ({
  ...scope,
  from: new Date(Math.floor(Date.parse(scope.from) / quarterMs) * quarterMs).toISOString(),
  to: new Date(Math.ceil(Date.parse(scope.to) / quarterMs) * quarterMs).toISOString(),
})

/**
 * The buckets of [fromMs, toMs), both whole quarters of an hour. A day or week is what the calendar
 * calls so, with 23, 24 or 25 hours; hours are real ones, so that the hour which an autumn night has
 * twice is two of them, and none is longer than sixty minutes.
 */
export function bucketsOf(name: BucketName, zone: string, fromMs: number, toMs: number): Bucket[] {
  if ((toMs - fromMs) / lengths[name] > mostBuckets) throw tooMany(name)
  const edges: Edge[] = []
  for (const stretch of stretchesOf(zone, fromMs, toMs)) addEdges(edges, name, stretch)
  return edges.map(({ atMs, offsetMs, begins }, index) => {
    const next = edges[index + 1]
    return {
      fromMs: atMs,
      toMs: next?.atMs ?? toMs,
      offsetMs,
      whole: begins && (next !== undefined || endsAt(name, zone, toMs)),
    }
  })
}

type Edge = { atMs: number; offsetMs: number; label: number; begins: boolean }

function addEdges(edges: Edge[], name: BucketName, { fromMs, toMs, offsetMs }: Stretch): void {
  const length = lengths[name]
  const shift = shifts[name]
  const labelOf = (ms: number) => Math.floor((ms + offsetMs + shift) / length)
  const add = (atMs: number, begins: boolean) => {
    const label = labelOf(atMs)
    const last = edges.at(-1)
    // Clocks that are put back over midnight do not begin the day anew; hours do begin anew.
    if (!last || name === 'hour' || label > last.label) {
      edges.push({ atMs, offsetMs, label, begins })
    }
  }
  const first = (labelOf(fromMs - 1) + 1) * length - shift - offsetMs
  if (first !== fromMs) add(fromMs, edges.length > 0)
  for (let at = first; at < toMs; at += length) add(Math.ceil(at / quarterMs) * quarterMs, true)
}

/** Whether a bucket begins at this moment, so that the one before it is whole. */
function endsAt(name: BucketName, zone: string, ms: number): boolean {
  const [before, after] = [ms - quarterMs, ms + quarterMs]
  const stretches = stretchesOf(zone, before, after)
  const edges: Edge[] = []
  for (const stretch of stretches) addEdges(edges, name, stretch)
  return edges.some(({ atMs }) => atMs === ms)
}

const two = (value: number) => String(value).padStart(2, '0')

/** ISO 8601 with the zone's own offset: 2026-10-25T00:00:00+02:00 */
export function localIso(ms: number, offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / minuteMs)
  const sign = offsetMs < 0 ? '-' : '+'
  const offset = `${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
  return `${new Date(ms + offsetMs).toISOString().slice(0, 19)}${offset}`
}

function tooMany(name: BucketName): AppError {
  const message = `The period has more than ${mostBuckets} ${name}s: ask for a shorter one, or for longer buckets.`
  return new AppError('invalid_input', message, {
    fields: [{ in: 'query', pointer: '/bucket', message }],
  })
}
