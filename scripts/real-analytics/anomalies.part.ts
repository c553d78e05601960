import { findAnomalies } from '../../src/statistics/anomalies.ts'
import { surprise } from '../../src/statistics/burst.ts'
import { medianAndSpread } from '../../src/statistics/quantile.ts'
import { known } from '../../src/statistics/series.ts'
import { type Finding, type Part, percent, round } from '../real-analytics-data.ts'
import { readVolumes, type Volume, type Window } from './mention-volumes.ts'
import { nabScore } from './nab-score.ts'

const season = 168
/** What the product's anomalies and surprises ask for when nobody says otherwise. */
const threshold = 5
const clear = 5.5
/** Two seasons: with fewer hours the product answers "too short". */
const learned = 2 * season

/** One alarm is one event, from the first hour in which it could be told. */
type Alarm = { from: number; to: number; z: number }
type Detector = { name: string; alarms: (volume: Volume) => Alarm[] }

const afterwards = (least: number): Detector => ({
  name: `anomalies from ${least} robust deviations on, looking back at the whole series`,
  alarms: ({ hours }) => findAnomalies(hours, { season, threshold: least }),
})

/** Neighbouring hours are one event, and it is as strong as its strongest hour. */
function tell(told: Alarm[], hour: number, z: number): void {
  const last = told.at(-1)
  if (!last || last.to < hour - 1) told.push({ from: hour, to: hour, z })
  else Object.assign(last, { to: hour, z: Math.max(last.z, z) })
}

/** Hour by hour with nothing but what was there by then; an event is told at its first hour only. */
const live: Detector = {
  name: 'anomalies, told hour by hour',
  alarms: ({ hours }) => {
    const told: Alarm[] = []
    for (let now = learned; now < hours.length; now++) {
      const found = findAnomalies(hours.slice(0, now + 1), { season, threshold })
      const current = found.find(({ from, to, kind }) =>
        kind === 'level_shift' ? from === now : to === now,
      )
      if (current) tell(told, now, Math.abs(current.z))
    }
    return told
  },
}

/** Trending's own measure, with mentions in the place of authors: the file has no authors. */
const bursts: Detector = {
  name: 'surprise, told hour by hour',
  alarms: ({ hours }) => {
    const told: Alarm[] = []
    for (let now = learned; now < hours.length; now++) {
      const observed = hours[now] ?? null
      if (observed === null) continue
      const sameHour = [1, 2, 3].map((week) => hours[now - week * season] ?? null)
      const past = known(hours.slice(Math.max(0, now - 3 * season), now))
      const usual = past.reduce((sum, one) => sum + one, 0) / Math.max(1, past.length)
      const { z } = surprise({ observed, sameHour, usual, hourFactor: 1 })
      if (z >= clear) tell(told, now, z)
    }
    return told
  },
}

/** The plain rule: so many robust deviations above the median of everything, whatever the hour. */
const plain: Detector = {
  name: 'the median plus 5 robust deviations, looking back',
  alarms: ({ hours }) => {
    const usual = medianAndSpread(known(hours))
    const told: Alarm[] = []
    for (const [hour, value] of hours.entries()) {
      const z = value === null || !usual ? 0 : (value - usual.middle) / usual.spread
      if (z >= threshold) tell(told, hour, z)
    }
    return told
  },
}

function judge(detector: Detector, volumes: readonly Volume[], from: number) {
  let [windows, found, alarms, right, strongest] = [0, 0, 0, 0, 0]
  const scored = volumes.map((volume) => {
    const judged = volume.windows.filter(({ to }) => to >= from)
    const own = detector.alarms(volume).filter((alarm) => alarm.to >= from)
    const meets = (alarm: Window, window: Window) =>
      alarm.from <= window.to && alarm.to >= window.from
    const inWindow = (alarm: Window) => judged.some((window) => meets(alarm, window))
    windows += judged.length
    found += judged.filter((window) => own.some((alarm) => meets(alarm, window))).length
    alarms += own.length
    right += own.filter(inWindow).length
    const byStrength = own.toSorted((one, other) => Math.abs(other.z) - Math.abs(one.z))
    strongest += byStrength.slice(0, judged.length).filter(inWindow).length
    return {
      alarms: own.map((alarm) => alarm.from),
      windows: judged,
      length: volume.hours.length,
    }
  })
  return { windows, found, alarms, right, strongest, nab: nabScore(scored) }
}

async function findings(): Promise<Finding[]> {
  const volumes = await readVolumes()
  const hours = volumes.reduce((total, volume) => total + volume.hours.length, 0)
  const inWindows = volumes.reduce(
    (total, volume) => total + volume.windows.reduce((sum, { from, to }) => sum + to - from + 1, 0),
    0,
  )
  const part = 'anomalies'
  const told = [afterwards(threshold), ...[8, 12, 20].map(afterwards), live, bursts, plain].map(
    (detector) => {
      const judged = judge(detector, volumes, learned)
      const value =
        `${judged.found} of ${judged.windows} windows, ${judged.alarms} alarms, ` +
        `${judged.right} of them in a window (precision ${percent(judged.right / Math.max(1, judged.alarms))}), ` +
        `of the ${judged.windows} strongest (as many as windows) ${judged.strongest}, ` +
        `NAB score ${round(judged.nab, 1)}`
      return { part, name: detector.name, value, n: hours }
    },
  )
  return [
    {
      part,
      name: 'share of hours within a labelled window',
      value: percent(inWindows / hours),
      n: hours,
    },
    ...told,
  ]
}

export const anomalies: Part = { name: 'anomalies', findings }
