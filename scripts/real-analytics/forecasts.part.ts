import { type Forecast, forecast } from '../../src/statistics/forecast/forecast.ts'
import { seasonalNaive } from '../../src/statistics/forecast/methods.ts'
import { quantile } from '../../src/statistics/quantile.ts'
import { type Finding, type Part, percent, readRows, round } from '../real-analytics-data.ts'
import { readVolumes } from './mention-volumes.ts'

type Suite = {
  name: string
  series: (number | null)[][]
  season: number
  steps: number
  origins: number
}

const dayMs = 86_400_000

/** One value a day, 0 where nothing was published. */
function daily(times: readonly number[], fromMs: number, toMs: number): number[] {
  const counts = new Array<number>((toMs - fromMs) / dayMs).fill(0)
  for (const ms of times) {
    const day = Math.floor((ms - fromMs) / dayMs)
    if (day >= 0 && day < counts.length) counts[day] = (counts[day] ?? 0) + 1
  }
  return counts
}

async function redditDays(): Promise<Suite> {
  const rows = await readRows<{ subreddit: string; created_utc: number }>('reddit_top_posts_2013')
  const [from, to] = [Date.UTC(2012, 11, 1), Date.UTC(2013, 7, 1)]
  const series = [...Map.groupBy(rows, ({ subreddit }) => subreddit).values()]
    .map((own) =>
      daily(
        own.map(({ created_utc }) => created_utc * 1_000),
        from,
        to,
      ),
    )
    .filter((counts) => counts.reduce((sum, one) => sum + one, 0) >= 400)
  return {
    name: 'Reddit, later top posts of a subreddit by day',
    series,
    season: 7,
    steps: 14,
    origins: 4,
  }
}

async function xDays(): Promise<Suite> {
  const rows = await readRows<{ created_at: string }>('x_timeline_BarackObama')
  const times = rows.map(({ created_at }) => Date.parse(`${created_at}Z`))
  const counts = daily(times, Date.UTC(2014, 8, 1), Date.UTC(2016, 11, 1))
  return {
    name: "X, one account's posts by day",
    series: [counts],
    season: 7,
    steps: 14,
    origins: 40,
  }
}

async function mentionDays(): Promise<Suite> {
  const volumes = await readVolumes()
  const series = volumes.map(({ hours }) => {
    const days: (number | null)[] = []
    for (let from = 0; from + 24 <= hours.length; from += 24) {
      const own = hours.slice(from, from + 24).filter((value) => value !== null)
      days.push(own.length < 20 ? null : own.reduce((sum, one) => sum + one, 0))
    }
    return days
  })
  return { name: 'X, mentions of a company by day', series, season: 7, steps: 7, origins: 3 }
}

async function mentionHours(): Promise<Suite> {
  const volumes = await readVolumes()
  const series = volumes.map(({ hours }) => hours)
  return { name: 'X, mentions of a company by hour', series, season: 24, steps: 24, origins: 6 }
}

async function gameMonths(): Promise<Suite> {
  type Row = { Game: string; Month: number; Year: number; Hours_watched: number }
  const rows = await readRows<Row>('twitch_games_monthly')
  const series = [...Map.groupBy(rows, ({ Game }) => Game).values()].flatMap((own) => {
    const values = own
      .toSorted((a, b) => 12 * (a.Year - b.Year) + a.Month - b.Month)
      .map(({ Hours_watched }) => Hours_watched)
    return values.length === 60 ? [values] : []
  })
  return {
    name: 'Twitch, hours watched of a game by month',
    series,
    season: 12,
    steps: 6,
    origins: 2,
  }
}

type Told = Extract<Forecast, { reason: null }>
type Judged = { ratio: number; held80: number; held95: number; steps: number; method: string }

function judge(
  told: Told,
  past: readonly number[],
  future: readonly (number | null)[],
  season: number,
): Judged | null {
  const naive = seasonalNaive(season).forecast(past, future.length)
  let [ours, theirs, held80, held95, steps] = [0, 0, 0, 0, 0]
  for (const [step, actual] of future.entries()) {
    const point = told.points[step]
    if (actual === null || !point) continue
    ours += Math.abs(actual - point.value)
    theirs += Math.abs(actual - (naive[step] ?? 0))
    held80 += Number(actual >= point.low80 && actual <= point.high80)
    held95 += Number(actual >= point.low95 && actual <= point.high95)
    steps++
  }
  return theirs === 0 ? null : { ratio: ours / theirs, held80, held95, steps, method: told.method }
}

/** Forecasts from several moments, each seeing only what came before, held against what came. */
function judgeSuite({ name, series, season, steps, origins }: Suite): Finding[] {
  const judged: Judged[] = []
  let refused = 0
  for (const values of series) {
    for (let back = 1; back <= origins; back++) {
      const origin = values.length - back * steps
      const past = values.slice(0, origin)
      const told = forecast(past, { steps, season, least: 0 })
      if (!told.points) {
        refused++
        continue
      }
      const filled = past.map((value, at) => value ?? past[at - season] ?? 0)
      const one = judge(told, filled, values.slice(origin, origin + steps), season)
      if (one) judged.push(one)
    }
  }
  const total = (of: (one: Judged) => number) => judged.reduce((sum, one) => sum + of(one), 0)
  const values = total((one) => one.steps)
  const ratios = judged.map(({ ratio }) => ratio)
  const methods = [...Map.groupBy(judged, ({ method }) => method)]
    .map(([method, own]) => `${method} ${own.length}`)
    .toSorted()
  const said = (what: string, value: string, n = judged.length) => ({
    part: 'forecasts',
    name: `${name}: ${what}`,
    value,
    n,
  })
  return [
    said(
      'error over seasonal naive, median (quartiles)',
      `${round(quantile(ratios, 0.5))} (${round(quantile(ratios, 0.25))}-${round(quantile(ratios, 0.75))})`,
    ),
    said(
      'at or under seasonal naive',
      percent(ratios.filter((ratio) => ratio <= 1).length / Math.max(1, ratios.length)),
    ),
    said(
      '80 % and 95 % intervals hold',
      `${percent(total((one) => one.held80) / values)} and ${percent(total((one) => one.held95) / values)}`,
      values,
    ),
    said('chosen', `${methods.join(', ')}; refused ${refused}`),
  ]
}

async function findings(): Promise<Finding[]> {
  const suites = [
    await redditDays(),
    await xDays(),
    await mentionDays(),
    await mentionHours(),
    await gameMonths(),
  ]
  return suites.flatMap(judgeSuite)
}

export const forecasts: Part = { name: 'forecasts', findings }
