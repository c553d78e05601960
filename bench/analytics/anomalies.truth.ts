import { type Anomaly, findAnomalies } from '../../src/statistics/anomalies.ts'
import { type Figure, figure } from '../figure.ts'
import { type Draws, draws } from './planted.ts'

const season = 168
const weeks = 8
const length = season * weeks
const worlds = 100
const outageSteps = 6

type Planted = { from: number; to: number; kind: Anomaly['kind'] }

/** Hourly counts with a day, a week and a size of their own. */
function world(draw: Draws): number[] {
  const size = 20 + 180 * draw.uniform()
  const day = 0.3 + 0.4 * draw.uniform()
  const weekend = 0.5 + 0.4 * draw.uniform()
  return Array.from({ length }, (_, hour) => {
    const wave = 1 + day * Math.sin((2 * Math.PI * (hour % 24)) / 24)
    return size * wave * (Math.floor(hour / 24) % 7 >= 5 ? weekend : 1)
  })
}

/** A spike, a dip and a level shift or a second spike, apart from each other. */
function plant(draw: Draws, means: number[], index: number): Planted[] {
  const spike = 2 * season + draw.whole(season)
  const dip = 3.5 * season + draw.whole(season)
  const third = 5.5 * season + draw.whole(season)
  const planted: Planted[] = [
    { from: spike, to: spike + draw.whole(4), kind: 'spike' },
    { from: dip, to: dip + 1 + draw.whole(4), kind: 'dip' },
    index % 2 === 0
      ? { from: third, to: length - 1, kind: 'level_shift' }
      : { from: third, to: third + draw.whole(3), kind: 'spike' },
  ]
  for (const { from, to, kind } of planted) {
    const factor = { spike: 2.5 + 2 * draw.uniform(), dip: 0.1, level_shift: 1.6 }[kind]
    for (let hour = from; hour <= to; hour++) means[hour] = (means[hour] ?? 0) * factor
  }
  return planted
}

/** Every second world varies more than Poisson's: a negative binomial, as real counts do. */
const counted = (draw: Draws, mean: number, index: number) =>
  draw.poisson(index % 2 === 0 ? mean : (mean * draw.gamma(25)) / 25)

const near = (one: { from: number; to: number }, other: Planted) =>
  other.kind === 'level_shift'
    ? Math.abs(one.from - other.from) <= 12
    : one.from <= other.to + 1 && one.to >= other.from - 1

const days = 180
const week = 7

/** Days of a ratio, as moods and rates are: one spike and one level that turns for good, or nothing. */
function ratioWorld(draw: Draws, eventful: boolean): { series: number[]; planted: Planted[] } {
  const size = 10 ** (2 * draw.uniform() - 2)
  const noise = size * (0.05 + 0.1 * draw.uniform())
  const weights = Array.from({ length: week }, () => noise * draw.normal())
  const spike = 20 + draw.whole(60)
  const turn = 100 + draw.whole(50)
  const up = draw.uniform() < 0.5 ? -1 : 1
  const usual = (day: number) => size + (weights[day % week] ?? 0)
  const planted: Planted[] = [
    { from: spike, to: spike, kind: 'spike' },
    { from: turn, to: days - 1, kind: 'level_shift' },
  ]
  const extra = (day: number) =>
    (day === spike ? 10 * noise : 0) + (day >= turn ? up * 4 * noise : 0)
  const series = Array.from(
    { length: days },
    (_, day) => usual(day) + (eventful ? extra(day) : 0) + noise * draw.normal(),
  )
  return { series, planted: eventful ? planted : [] }
}

/** A ratio has no scale of its own: whatever its unit, turns and spikes are found, and quiet is quiet. */
function ratioTruth(say: (line: string) => void): Figure[] {
  let [planted, found, alarms, right, quiet] = [0, 0, 0, 0, 0]
  for (let index = 0; index < worlds; index++) {
    const draw = draws(9_191 + index)
    const { series, planted: truths } = ratioWorld(draw, true)
    const told = findAnomalies(series, { season: week, counts: false })
    const meets = (one: Anomaly, truth: Planted) =>
      one.kind === truth.kind && Math.abs(one.from - truth.from) <= 2
    planted += truths.length
    found += truths.filter((truth) => told.some((one) => meets(one, truth))).length
    alarms += told.length
    right += told.filter((one) => truths.some((truth) => meets(one, truth))).length
    const calm = findAnomalies(ratioWorld(draw, false).series, { season: week, counts: false })
    quiet += Number(calm.length === 0)
  }
  say(`ratios: ${planted} planted, ${alarms} told, ${quiet} of ${worlds} quiet worlds quiet`)
  const told = (name: string, value: number) =>
    figure({ name: `anomalies of ratios: ${name}`, value, unit: '', goal: 0.9, better: 'higher' })
  return [
    told('recall of 200 planted', found / planted),
    told('precision', right / alarms),
    told('quiet worlds without an alarm', quiet / worlds),
  ]
}

/** Planted anomalies that are found, finds that were planted, and alarms for holes of our own. */
export function anomalyTruth(say: (line: string) => void): Figure[] {
  let [planted, found, alarms, right, ours] = [0, 0, 0, 0, 0]
  for (let index = 0; index < worlds; index++) {
    const draw = draws(4_242 + index)
    const means = world(draw)
    const truths = plant(draw, means, index)
    const hole = season + draw.whole(season - outageSteps)
    const series = means.map((value, hour) =>
      hour >= hole && hour < hole + outageSteps ? null : counted(draw, value, index),
    )
    const told = findAnomalies(series, { season })
    planted += truths.length
    found += truths.filter((truth) => told.some((one) => near(one, truth))).length
    alarms += told.length
    right += told.filter((one) => truths.some((truth) => near(one, truth))).length
    ours += told.filter(({ from, to }) => from <= hole + outageSteps && to >= hole - 1).length
  }
  say(`${planted} planted, ${alarms} told`)
  return [
    figure({
      name: 'anomalies: recall of 300 planted',
      value: found / planted,
      unit: '',
      goal: 0.9,
      better: 'higher',
    }),
    figure({
      name: 'anomalies: precision',
      value: right / alarms,
      unit: '',
      goal: 0.9,
      better: 'higher',
    }),
    figure({
      name: 'anomalies: alarms at our own outages',
      value: ours,
      unit: '',
      goal: 0,
      better: 'lower',
    }),
    ...ratioTruth(say),
  ]
}
