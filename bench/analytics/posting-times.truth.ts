import { type PostingTimes, postingTimes } from '../../src/statistics/posting-times.ts'
import { slotCells, type TimedPost } from '../../src/statistics/slot-cells.ts'
import { type Figure, figure } from '../figure.ts'
import { draws } from './planted.ts'
import { flatEffect, plantedEffect, postingWorld } from './posting-worlds.ts'

const worlds = 200

/** The seeds' own: the mean engagement of each slot's posts, whoever wrote them. */
function naiveBest(own: readonly TimedPost[]): number[] {
  return [...Map.groupBy(own, ({ slot }) => slot)]
    .map(([slot, list]) => ({
      slot,
      mean: list.reduce((total, { y }) => total + Math.expm1(y), 0) / list.length,
    }))
    .toSorted((one, other) => other.mean - one.mean)
    .slice(0, 5)
    .map(({ slot }) => slot)
}

const topFive = ({ slots }: PostingTimes): number[] =>
  slots
    .filter(({ lift }) => lift !== null)
    .toSorted((one, other) => (other.lift ?? 0) - (one.lift ?? 0))
    .slice(0, 5)
    .map(({ slot }) => slot)

/** How far the chosen slots stay behind the best five of those that were tried. */
function regret(effect: readonly number[], own: readonly TimedPost[], chosen: readonly number[]) {
  const tried = new Set(own.map(({ slot }) => slot))
  const mean = (slots: readonly number[]) =>
    slots.reduce((total, slot) => total + (effect[slot] ?? 0), 0) / slots.length
  const best = [...tried].toSorted((a, b) => (effect[b] ?? 0) - (effect[a] ?? 0)).slice(0, 5)
  return mean(best) - mean(chosen)
}

/** How many of the intervals of slots hold what was planted, against what was usual. */
function held({ slots }: PostingTimes, effect: readonly number[]) {
  const all = slots.reduce((total, slot) => total + slot.effectivePosts, 0)
  const usual =
    slots.reduce((total, slot) => total + slot.effectivePosts * (effect[slot.slot] ?? 0), 0) / all
  const told = slots.flatMap(({ slot, low, high }) =>
    low === null || high === null
      ? []
      : [{ truth: Math.exp((effect[slot] ?? 0) - usual), low, high }],
  )
  const right = told.filter(({ truth, low, high }) => truth >= low && truth <= high)
  return { right: right.length, all: told.length }
}

/** Posts become cells as in the product: by the product's own grouping. */
const told = (own: readonly TimedPost[]) => postingTimes(slotCells(own))
const withoutAuthors = (own: readonly TimedPost[]) =>
  own.map((post) => ({ ...post, author: null, kind: '' }))

type Sums = Record<
  'ours' | 'naive' | 'bySource' | 'right' | 'all' | 'undecided' | 'silent' | 'ownsHour',
  number
>

function judge(seed: number, sums: Sums): void {
  const draw = draws(seed)
  const effect = plantedEffect(draw)
  const own = postingWorld(draw, effect)
  const ours = told(own)
  const { right, all } = held(ours, effect)
  sums.right += right
  sums.all += all
  if (ours.best === null) sums.undecided++
  sums.ours += regret(effect, own, topFive(ours))
  sums.bySource += regret(effect, own, topFive(told(withoutAuthors(own))))
  sums.naive += regret(effect, own, naiveBest(own))
  const flat = postingWorld(draw, flatEffect())
  if (told(flat).reason === 'no_reliable_difference') sums.silent++
  if (told(withoutAuthors(flat)).best) sums.ownsHour++
}

export function postingTimesTruth(say: (line: string) => void): Figure[] {
  const sums: Sums = {
    ours: 0,
    naive: 0,
    bySource: 0,
    right: 0,
    all: 0,
    undecided: 0,
    silent: 0,
    ownsHour: 0,
  }
  for (let index = 0; index < worlds; index++) judge(90_001 + index, sums)
  const mean = (total: number) => (total / worlds).toFixed(3)
  say(
    `mean regret ${mean(sums.ours)}, naive ${mean(sums.naive)}, ` +
      `by source and month alone ${mean(sums.bySource)}`,
  )
  say(`by source and month alone, ${sums.ownsHour} of ${worlds} flat worlds have a best time`)
  return [
    figure({
      name: 'posting times: regret of the top 5 over the naive one',
      value: sums.ours / sums.naive,
      unit: '',
      goal: 0.5,
      better: 'lower',
    }),
    figure({
      name: 'posting times: "no difference" in flat worlds',
      value: (100 * sums.silent) / worlds,
      unit: '%',
      goal: 90,
      better: 'higher',
    }),
    figure({
      name: 'posting times: an effect that is there is told',
      value: (100 * (worlds - sums.undecided)) / worlds,
      unit: '%',
      goal: null,
      better: 'higher',
    }),
    figure({
      name: 'posting times: slots whose 90 % interval holds the truth',
      value: (100 * sums.right) / sums.all,
      unit: '%',
      goal: null,
      better: 'higher',
    }),
  ]
}
