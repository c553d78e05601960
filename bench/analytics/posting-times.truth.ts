import { postingTimes, type SlotCell } from '../../src/statistics/posting-times.ts'
import { type Figure, figure } from '../figure.ts'
import { type Draws, draws } from './planted.ts'

const slotCount = 168
const authors = 12
const worlds = 200

type Post = { author: number; kind: number; slot: number; y: number }

/** People post at office hours, some much more than others, and have levels of their own. */
function posts(draw: Draws, effect: readonly number[]): Post[] {
  return Array.from({ length: authors }, (_, author) => {
    const level = 3 + 1.2 * draw.normal()
    const favourite = draw.whole(24)
    const count = 20 + Math.floor(180 * draw.uniform() ** 3)
    return Array.from({ length: count }, () => {
      const hour = (favourite + Math.round(4 * draw.normal()) + 240) % 24
      const day = draw.uniform() < 0.8 ? draw.whole(5) : 5 + draw.whole(2)
      const slot = 24 * day + hour
      const kind = draw.whole(2)
      return {
        author,
        kind,
        slot,
        y: level + 0.6 * kind + (effect[slot] ?? 0) + 0.9 * draw.normal(),
      }
    })
  }).flat()
}

/** A bump around one hour, weaker at weekends: what audiences do. */
function plantedEffect(draw: Draws): number[] {
  const peak = draw.whole(24)
  const weekend = -0.5 * draw.uniform()
  return Array.from({ length: slotCount }, (_, slot) => {
    const away = Math.abs((((slot % 24) - peak + 36) % 24) - 12)
    return 0.9 * Math.exp(-((away / 3) ** 2)) + (slot >= 120 ? weekend : 0)
  })
}

function cellsOf(own: readonly Post[]): SlotCell[] {
  const cells = new Map<string, SlotCell>()
  for (const { author, kind, slot, y } of own) {
    const group = `${author}:${kind}`
    const cell = cells.get(`${group}:${slot}`) ?? { group, slot, n: 0, total: 0, squares: 0 }
    cell.n++
    cell.total += y
    cell.squares += y * y
    cells.set(`${group}:${slot}`, cell)
  }
  return [...cells.values()]
}

/** The seeds' own: the mean engagement of each slot's posts, whoever wrote them. */
function naiveBest(own: readonly Post[]): number[] {
  return [...Map.groupBy(own, ({ slot }) => slot)]
    .map(([slot, list]) => ({
      slot,
      mean: list.reduce((total, { y }) => total + Math.expm1(y), 0) / list.length,
    }))
    .toSorted((one, other) => other.mean - one.mean)
    .slice(0, 5)
    .map(({ slot }) => slot)
}

/** How far the chosen slots stay behind the best five of those that were tried. */
function regret(effect: readonly number[], tried: ReadonlySet<number>, chosen: readonly number[]) {
  const mean = (slots: readonly number[]) =>
    slots.reduce((total, slot) => total + (effect[slot] ?? 0), 0) / slots.length
  const best = [...tried].toSorted((a, b) => (effect[b] ?? 0) - (effect[a] ?? 0)).slice(0, 5)
  return mean(best) - mean(chosen)
}

export function postingTimesTruth(say: (line: string) => void): Figure[] {
  let [ours, naive, undecided, silent] = [0, 0, 0, 0]
  for (let index = 0; index < worlds; index++) {
    const draw = draws(90_001 + index)
    const effect = plantedEffect(draw)
    const own = posts(draw, effect)
    const tried = new Set(own.map(({ slot }) => slot))
    const told = postingTimes(cellsOf(own))
    const chosen = told.slots
      .filter((slot) => slot.posts > 0)
      .toSorted((one, other) => (other.lift ?? 0) - (one.lift ?? 0))
      .slice(0, 5)
      .map(({ slot }) => slot)
    if (told.best === null) undecided++
    ours += regret(effect, tried, chosen)
    naive += regret(effect, tried, naiveBest(own))
    const flat = posts(draw, new Array<number>(slotCount).fill(0))
    if (postingTimes(cellsOf(flat)).reason === 'no_reliable_difference') silent++
  }
  say(`mean regret ${(ours / worlds).toFixed(3)}, naive ${(naive / worlds).toFixed(3)}`)
  return [
    figure({
      name: 'posting times: regret of the top 5 over the naive one',
      value: ours / naive,
      unit: '',
      goal: 0.5,
      better: 'lower',
    }),
    figure({
      name: 'posting times: "no difference" in flat worlds',
      value: (100 * silent) / worlds,
      unit: '%',
      goal: 90,
      better: 'higher',
    }),
    figure({
      name: 'posting times: an effect that is there is told',
      value: (100 * (worlds - undecided)) / worlds,
      unit: '%',
      goal: null,
      better: 'higher',
    }),
  ]
}
