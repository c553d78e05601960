import { type Figure, figure, median } from '../figure.ts'
import { type BurstWorld, burstWorld, learnedMinutes, lengthMinutes, tags } from './burst-world.ts'
import {
  Counter,
  clear,
  type Detector,
  everyMinutes,
  mastodon,
  misskey,
  plainCount,
  surpriseScores,
} from './trend-detectors.ts'

/** A list entry within this long after a burst's end is still about it. */
const lateMinutes = 30

type Verdict = { found: number; falseAlarms: number; delay: number }

/**
 * Runs a detector over the stream. A tag that enters the list is an alarm; it is right when the tag
 * bursts just then. Tags that stand there when the judging begins are not counted for anybody.
 */
function judge({ bursts }: BurstWorld, { trending }: Detector): Verdict {
  const found = new Map<number, number>()
  let falseAlarms = 0
  let before = new Set(trending(learnedMinutes))
  for (let minute = learnedMinutes + everyMinutes; minute < lengthMinutes; minute += everyMinutes) {
    const now = new Set(trending(minute))
    for (const tag of now) {
      const index = bursts.findIndex(
        (one) => one.tag === tag && minute > one.from && minute <= one.to + lateMinutes,
      )
      const burst = bursts[index]
      if (burst && !found.has(index)) found.set(index, minute - burst.from)
      if (!burst && !before.has(tag)) falseAlarms++
    }
    before = now
  }
  return {
    found: found.size / bursts.length,
    falseAlarms,
    delay: found.size === 0 ? Number.NaN : median([...found.values()]),
  }
}

const thresholds = Array.from({ length: 25 }, (_, step) => 10 - step * 0.25)

/**
 * 200 planted bursts: who finds them, how late, and how often somebody cries wolf. Against each other
 * detector, ours stands at the highest threshold that still finds as many.
 */
export function burstTruth(say: (line: string) => void): Figure[] {
  const world = burstWorld(2_024)
  const counter = new Counter(world.posts)
  const scored = surpriseScores(counter, tags)
  const ours = judge(world, scored(clear))
  say(`surprise: recall ${ours.found}, ${ours.falseAlarms} false, median delay ${ours.delay} min`)
  const judged = thresholds.map((least) => judge(world, scored(least)))
  const others = [mastodon, misskey, plainCount].map((make) => {
    const detector = make(counter, tags)
    const theirs = judge(world, detector)
    const equal = judged.find(({ found }) => found >= theirs.found)
    say(
      `${detector.name}: recall ${theirs.found}, ${theirs.falseAlarms} false, delay ` +
        `${theirs.delay} min; ours with that recall: ${equal?.falseAlarms ?? 'none'} false`,
    )
    return figure({
      name: `bursts: false alarms over ${detector.name}'s, at its recall`,
      value: equal ? equal.falseAlarms / theirs.falseAlarms : Number.POSITIVE_INFINITY,
      unit: '',
      goal: 0.5,
      better: 'lower',
    })
  })
  return [
    figure({
      name: 'bursts: recall of 200',
      value: ours.found,
      unit: '',
      goal: null,
      better: 'higher',
    }),
    figure({
      name: 'bursts: false alarms in two weeks',
      value: ours.falseAlarms,
      unit: '',
      goal: null,
      better: 'lower',
    }),
    figure({
      name: 'bursts: median minutes until found',
      value: ours.delay,
      unit: 'min',
      goal: null,
      better: 'lower',
    }),
    ...others,
  ]
}
