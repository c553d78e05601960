import type { Hole } from '../../../coverage/index.ts'
import { type Step, wellObserved } from '../series/series.service.ts'
import type { Anomalies } from './anomalies.schemas.ts'

const drift = 0.05
const iso = (ms: number) => new Date(ms).toISOString()

type HoleView = Anomalies['holes'][number]

/** Stretches that were not watched well, and why. */
export function holesIn(steps: readonly Step[], gaps: readonly Hole[]): HoleView[] {
  const stretches: Step[][] = []
  let before: Step | null = null
  for (const step of steps) {
    if (step.observed < wellObserved) {
      if (before && before.observed < wellObserved) stretches.at(-1)?.push(step)
      else stretches.push([step])
    }
    before = step
  }
  return stretches.flatMap((own) => {
    const [first, last] = [own[0], own.at(-1)]
    if (!first || !last) return []
    const length = own.reduce((total, { fromMs, toMs }) => total + toMs - fromMs, 0)
    const seen = own.reduce(
      (total, { observed, fromMs, toMs }) => total + observed * (toMs - fromMs),
      0,
    )
    const here = gaps.filter(({ fromMs, toMs }) => fromMs < last.toMs && toMs > first.fromMs)
    const unwatched = own.some(({ sources }) => sources === 0)
    const reasons = new Set([
      ...(unwatched ? ['before_first_look'] : []),
      ...here.map(({ reason }) => reason),
    ])
    return [
      {
        from: iso(first.fromMs),
        to: iso(last.toMs),
        observed: seen / length,
        reasons: [...reasons],
      },
    ]
  })
}

export type SourceChange = { index: number; atMs: number; before: number; after: number }

/** Where so many sources were added or removed that the series is another one afterwards. */
export function sourceChangesIn(steps: readonly (Step | null)[]): SourceChange[] {
  const changes: SourceChange[] = []
  let before: Step | null = null
  for (const [index, step] of steps.entries()) {
    if (!step) continue
    if (before && differs(before.sources, step.sources)) {
      changes.push({ index, atMs: step.fromMs, before: before.sources, after: step.sources })
    }
    before = step
  }
  return changes
}

const differs = (one: number, other: number) => Math.abs(one - other) > drift * Math.max(one, other)
