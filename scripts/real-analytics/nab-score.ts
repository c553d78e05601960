import type { Window } from './mention-volumes.ts'

/** NAB's standard profile: Lavin & Ahmad 2015, "Evaluating real-time anomaly detection algorithms". */
const falseAlarmWeight = 0.11
/** NAB leaves the first 15 % of a series for learning. */
const probation = 0.15

const sigmoid = (position: number) => 2 / (1 + Math.exp(5 * position)) - 1
const most = sigmoid(-1)

/** 1 at a window's beginning, near 0 at its end; a false alarm costs more the farther it is behind one. */
function score(alarms: readonly number[], windows: readonly Window[], length: number): number {
  const from = Math.floor(Math.min(probation * length, 0.15 * 5_000))
  const judged = windows.filter(({ to }) => to >= from)
  let total = 0
  const found = new Set<Window>()
  for (const alarm of alarms.filter((step) => step >= from).toSorted((a, b) => a - b)) {
    const inside = judged.find((window) => alarm >= window.from && alarm <= window.to)
    if (inside) {
      const width = inside.to - inside.from + 1
      if (!found.has(inside)) total += sigmoid(-(inside.to - alarm + 1) / width) / most
      found.add(inside)
      continue
    }
    const before = judged.findLast(({ to }) => to < alarm)
    const width = before ? Math.max(1, before.to - before.from) : 1
    total += falseAlarmWeight * (before ? sigmoid((alarm - before.to) / width) : -1)
  }
  return total - (judged.length - found.size)
}

/** 0: as good as saying nothing; 100: each window at its first moment and nothing else. */
export function nabScore(
  series: readonly { alarms: readonly number[]; windows: readonly Window[]; length: number }[],
): number {
  const sum = (of: (one: (typeof series)[number]) => number) =>
    series.reduce((total, one) => total + of(one), 0)
  const own = sum(({ alarms, windows, length }) => score(alarms, windows, length))
  const silent = sum(({ windows, length }) => score([], windows, length))
  const perfect = sum(({ windows, length }) =>
    score(
      windows.map(({ from }) => from),
      windows,
      length,
    ),
  )
  return (100 * (own - silent)) / (perfect - silent)
}
