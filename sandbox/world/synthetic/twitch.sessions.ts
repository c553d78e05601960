import { dayMs } from '../calendar.ts'
import { logNormal, randomFor } from '../random.ts'
import { nowAndThenAwkward, sentence, titleOf } from '../text/composer.ts'
import type { Game } from '../twitch.world.ts'
import { gameFor } from './games.ts'
import type { Profile } from './roster.ts'
import type { Setting } from './setting.ts'

/** One broadcast. Its parts differ in game and title. */
export type Session = {
  id: string
  day: number
  startMs: number
  endMs: number
  /** Typical number of viewers at its height. */
  height: number
  parts: { fromMs: number; title: string; game: Game | null }[]
}

export type Sessions = {
  running: (worldMs: number) => Session | null
  lastBefore: (worldMs: number) => Session | null
  /** Those that ended in the last days, newest first. */
  ended: (worldMs: number, days: number) => Session[]
  /** The next week's. */
  planned: (worldMs: number) => Session[]
}

const hour = 3_600_000

export function createSessions(setting: Setting, profile: Profile): Sessions {
  const known = new Map<number, Session | null>()
  const on = (day: number) => {
    const cached = known.get(day)
    if (cached !== undefined) return cached
    const session = sessionOf(setting, profile, day)
    known.set(day, session)
    return session
  }
  const around = (worldMs: number, past: number, ahead: number) => {
    const today = Math.floor(worldMs / dayMs)
    const days = Array.from({ length: past + ahead + 1 }, (_, i) => today + ahead - i)
    return days.flatMap((day) => on(day) ?? [])
  }
  return {
    running: (now) =>
      around(now, 1, 0).find(({ startMs, endMs }) => startMs <= now && now < endMs) ?? null,
    lastBefore: (now) => around(now, 10, 0).find(({ startMs }) => startMs <= now) ?? null,
    ended: (now, days) => around(now, days, 0).filter(({ endMs }) => endMs <= now),
    planned: (now) =>
      around(now, 0, 7)
        .filter(({ startMs }) => startMs > now)
        .toReversed(),
  }
}

/** At most one a day, shorter than a day, so that two never overlap for long. */
function sessionOf({ seed }: Setting, profile: Profile, day: number): Session | null {
  const random = randomFor(seed, 'session', profile.index, day)
  const weekday = profile.habit.weekdays[(day + 4) % 7] ?? 1
  if (!random.chance(Math.min(0.95, 0.85 * weekday * Math.max(0.3, profile.habit.pace))))
    return null
  const peak = profile.habit.peaks[0] ?? 18
  const local = peak - 2 + random.normal() * 0.7 - profile.utcOffset
  const startMs = day * dayMs + Math.floor((((local % 24) + 24) % 24) * hour)
  const usual = profile.habit.id === 'busy' ? 15 : 5.5
  const length = Math.min(20, Math.max(0.7, logNormal(random, usual, 0.35)))
  const endMs = startMs + Math.floor(length * hour)
  const audience = profile.audience(startMs)
  return {
    id: String(40_000_000_000 + day * 100_000 + profile.index * 7),
    day,
    startMs,
    endMs,
    height: Math.max(1, audience * 0.018 * profile.charm * logNormal(random, 1, 0.5)),
    parts: parts(profile, random, startMs, endMs),
  }
}

function parts(
  profile: Profile,
  random: ReturnType<typeof randomFor>,
  startMs: number,
  endMs: number,
) {
  const count = 1 + random.int(3)
  return Array.from({ length: count }, (_, i) => {
    const title =
      profile.lang === 'en' && random.chance(0.7)
        ? titleOf(random, profile.topic)
        : sentence(random, profile.topic, 'news', profile.lang)
    return {
      fromMs: startMs + Math.floor(((endMs - startMs) * i) / count),
      title: nowAndThenAwkward(random, title).slice(0, 140),
      game: gameFor(random, profile.topic),
    }
  })
}

/** Fills up in the first hour, breathes, thins out towards the end. */
export function viewersAt(profile: Profile, session: Session, worldMs: number): number {
  const inHours = (worldMs - session.startMs) / hour
  const leftHours = (session.endMs - worldMs) / hour
  const filling = 1 - Math.exp(-inHours / 0.45)
  const thinning = 1 - 0.35 * Math.exp(-leftHours / 0.5)
  const breath = 1 + 0.12 * Math.sin(inHours * 3.1 + profile.index) + 0.05 * Math.sin(inHours * 11)
  return Math.round(session.height * filling * thinning * breath)
}
