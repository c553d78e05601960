/** When a source is active. Hours are the source's own, weekdays start on Sunday. */
export type Habit = {
  id: string
  /** Share of sources that have it. */
  weight: number
  /** Multiplies the platform's usual number of posts a day. */
  pace: number
  weekdays: readonly number[]
  /** Where in the day the activity peaks, and how widely it spreads (hours). */
  peaks: readonly number[]
  spread: number
  /** Chance of a day with five times as much. */
  storm: number
  /** Chance of a day with nothing at all. */
  silence: number
}

const everyDay = [1, 1, 1, 1, 1, 1, 1]
export const habits: readonly Habit[] = [
  {
    id: 'steady',
    weight: 26,
    pace: 1,
    weekdays: everyDay,
    peaks: [9, 13, 18],
    spread: 2.5,
    storm: 0.01,
    silence: 0.05,
  },
  {
    id: 'nightly',
    weight: 16,
    pace: 0.9,
    weekdays: everyDay,
    peaks: [21],
    spread: 2,
    storm: 0.02,
    silence: 0.15,
  },
  {
    id: 'office',
    weight: 14,
    pace: 1.1,
    weekdays: [0.1, 1, 1, 1.1, 1, 0.9, 0.1],
    peaks: [10, 15],
    spread: 1.6,
    storm: 0.01,
    silence: 0.05,
  },
  {
    id: 'weekend',
    weight: 12,
    pace: 0.8,
    weekdays: [2.4, 0.2, 0.2, 0.2, 0.4, 1.2, 2.6],
    peaks: [12, 20],
    spread: 3,
    storm: 0.03,
    silence: 0.1,
  },
  {
    id: 'bursty',
    weight: 10,
    pace: 0.7,
    weekdays: everyDay,
    peaks: [16],
    spread: 4,
    storm: 0.18,
    silence: 0.4,
  },
  {
    id: 'busy',
    weight: 8,
    pace: 4,
    weekdays: everyDay,
    peaks: [8, 12, 17, 22],
    spread: 3,
    storm: 0.02,
    silence: 0,
  },
  {
    id: 'morning',
    weight: 7,
    pace: 0.9,
    weekdays: everyDay,
    peaks: [7],
    spread: 1.3,
    storm: 0,
    silence: 0.1,
  },
  {
    id: 'sleepy',
    weight: 7,
    pace: 0.12,
    weekdays: everyDay,
    peaks: [14],
    spread: 5,
    storm: 0,
    silence: 0.3,
  },
]
