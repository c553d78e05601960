import type { Series } from '../../../../statistics/series.ts'
import { type Step, wellObserved } from '../series/series.service.ts'

const lengths = { hour: 3_600_000, day: 86_400_000 }

/** A series by the zone's own clock, so that one place of the season is one hour of the local week. */
export type Aligned = { series: Series; steps: readonly (Step | null)[] }

/**
 * The hour that spring skips is a hole; of the hour that autumn has twice, the second is left out.
 * What was not watched well, is cut, or still grows, is a hole too: it raises no alarm.
 */
export function alignedToClock(steps: readonly Step[], bucket: 'hour' | 'day'): Aligned {
  const placeOf = ({ fromMs, offsetMs }: Step) => Math.floor((fromMs + offsetMs) / lengths[bucket])
  const [first] = steps
  if (!first) return { series: [], steps: [] }
  const placed: (Step | null)[] = []
  for (const step of steps) {
    const place = placeOf(step) - placeOf(first)
    while (placed.length < place) placed.push(null)
    placed[place] ??= step
  }
  return {
    steps: placed,
    series: placed.map((step) => (step && isJudged(step) ? step.value : null)),
  }
}

const isJudged = (step: Step) => step.whole && !step.maturing && step.observed >= wellObserved
