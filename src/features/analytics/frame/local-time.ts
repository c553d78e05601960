/** A stretch of time in which a zone's clocks run evenly: local time is UTC plus `offsetMs`. */
export type Stretch = { fromMs: number; toMs: number; offsetMs: number }

const hourMs = 3_600_000
const quarterMs = 900_000
/** No zone has changed its clocks twice within so short a time since 1970. */
const strideMs = 72 * hourMs

/** How far the zone's clocks are ahead of UTC at a moment. */
function offsetsOf(zone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  return (ms) => {
    const [, sign, hours = '0', minutes = '0', seconds = '0'] =
      /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(format.format(ms)) ?? []
    const whole = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)
    return (sign === '-' ? -1_000 : 1_000) * whole
  }
}

/**
 * The stretches of [fromMs, toMs) between which the zone's clocks were put forward or back, from the
 * IANA rules that Node.js has. In order; they touch.
 */
export function stretchesOf(zone: string, fromMs: number, toMs: number): Stretch[] {
  const offsetAt = offsetsOf(zone)
  const stretches: Stretch[] = []
  let open = { fromMs, offsetMs: offsetAt(fromMs) }
  for (let at = fromMs; at < toMs; ) {
    const next = Math.min(at + strideMs, toMs)
    const offsetMs = offsetAt(next)
    const changedMs = offsetMs === open.offsetMs ? toMs : changeBetween(offsetAt, at, next)
    if (changedMs < toMs) {
      stretches.push({ ...open, toMs: changedMs })
      open = { fromMs: changedMs, offsetMs }
    }
    at = next
  }
  return [...stretches, { ...open, toMs }]
}

/** The quarter of an hour at which the offset of `high` begins to hold. */
function changeBetween(offsetAt: (ms: number) => number, low: number, high: number): number {
  const after = offsetAt(high)
  let [before, found] = [Math.floor(low / quarterMs), Math.ceil(high / quarterMs)]
  while (found - before > 1) {
    const middle = Math.floor((before + found) / 2)
    if (offsetAt(middle * quarterMs) === after) found = middle
    else before = middle
  }
  return found * quarterMs
}

/** Where local hours begin inside an hour of UTC, and where the clocks were changed. */
export const hourCuts = (stretches: readonly Stretch[]): number[] =>
  stretches.flatMap(({ fromMs, toMs, offsetMs }) => {
    const past = ((offsetMs % hourMs) + hourMs) % hourMs
    if (past === 0) return [fromMs]
    const first = Math.ceil((fromMs + past) / hourMs) * hourMs - past
    const hours = Math.max(0, Math.ceil((toMs - first) / hourMs))
    return [fromMs, ...Array.from({ length: hours }, (_, hour) => first + hour * hourMs)]
  })
