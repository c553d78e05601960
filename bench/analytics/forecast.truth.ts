import { forecast } from '../../src/statistics/forecast/forecast.ts'
import { seasonalNaive } from '../../src/statistics/forecast/methods.ts'
import { type Figure, figure, median } from '../figure.ts'
import { type Draws, draws } from './planted.ts'

const season = 7
const steps = 14
const length = 180

/** Five kinds of daily series, as channels have them. */
const kinds: Record<string, (draw: Draws) => (day: number) => number> = {
  trend: (draw) => {
    const slope = 0.2 + draw.uniform()
    return (day) => 100 + slope * day + 8 * draw.normal()
  },
  weekly: (draw) => {
    const weights = Array.from({ length: season }, () => 1 + 0.5 * draw.normal())
    return (day) => 100 * Math.max(0.1, weights[day % season] ?? 1) + 10 * draw.normal()
  },
  'level shift': (draw) => {
    const when = 40 + draw.whole(100)
    const shift = 30 + 60 * draw.uniform()
    return (day) => 100 + (day >= when ? shift : 0) + 10 * draw.normal()
  },
  sparse: (draw) => (_day) => draw.poisson(1.5),
  'zero-heavy': (draw) => (_day) => (draw.uniform() < 0.7 ? 0 : draw.poisson(20)),
}

const each = 40

type Judged = { ratio: number; held80: number; held95: number; said80: number }

/** One series: the chosen method's held-out error over that of "as a season ago", and what was held. */
function judge(value: (day: number) => number): Judged {
  const series = Array.from({ length: length + steps }, (_, day) => Math.max(0, value(day)))
  const [past, future] = [series.slice(0, length), series.slice(length)]
  const told = forecast(past, { steps, season, least: 0 })
  if (!told.points) throw new Error(told.reason)
  const naive = seasonalNaive(season).forecast(past, steps)
  const error = (said: readonly number[]) =>
    said.reduce((total, one, step) => total + Math.abs(one - (future[step] ?? 0)), 0)
  const held = (low: 'low80' | 'low95', high: 'high80' | 'high95') =>
    told.points.filter((point, step) => {
      const actual = future[step] ?? 0
      return actual >= point[low] && actual <= point[high]
    }).length
  return {
    ratio: error(told.points.map((point) => point.value)) / error(naive),
    held80: held('low80', 'high80'),
    held95: held('low95', 'high95'),
    said80: told.coverage.covered80 ?? Number.NaN,
  }
}

export function forecastTruth(say: (line: string) => void): Figure[] {
  const judged = Object.entries(kinds).flatMap(([kind, make]) => {
    const own = Array.from({ length: each }, (_, seed) =>
      judge(make(draws(1337 + seed * 7919 + kind.length))),
    )
    const middle = median(own.map(({ ratio }) => ratio))
    say(`${kind}: error over seasonal naive's, median ${middle.toFixed(2)}`)
    return own
  })
  const share = (of: (one: Judged) => number, whole: number) =>
    (100 * judged.reduce((total, one) => total + of(one), 0)) / whole
  const values = judged.length * steps
  const told = (name: string, value: number, goal: number | null, better: Figure['better']) =>
    figure({ name: `forecast: ${name}`, value, unit: '%', goal, better })
  const held80 = share((one) => one.held80, values)
  return [
    told(
      'series at or under seasonal naive',
      share((one) => Number(one.ratio <= 1), judged.length),
      80,
      'higher',
    ),
    told('80 % intervals hold, at least', held80, 75, 'higher'),
    told('80 % intervals hold, at most', held80, 85, 'lower'),
    told(
      '95 % intervals hold',
      share((one) => one.held95, values),
      null,
      'higher',
    ),
    told(
      '80 % intervals hold less than their back-test says, by at most',
      share((one) => one.said80, judged.length) - held80,
      5,
      'lower',
    ),
  ]
}
