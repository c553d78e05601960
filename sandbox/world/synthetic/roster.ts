import { type Calendar, createCalendar, dayMs } from '../calendar.ts'
import { audienceAt } from '../growth.ts'
import { type Habit, habits } from '../habits.ts'
import { hash32, logNormal, type Random, randomFor } from '../random.ts'
import { sourceName } from '../text/names.ts'
import type { Topic } from '../text/topic.ts'
import { topics } from '../text/topics/index.ts'
import type { PlatformId, SourceListing } from '../world.ts'
import type { Setting } from './setting.ts'

type Standing = 'active' | 'gone' | 'leaves' | 'suspended' | 'private' | 'banned'

/** One source of the invented world. What it does follows from its calendar. */
export type Profile = {
  index: number
  handle: string
  title: string
  topic: Topic
  habit: Habit
  standing: Standing
  lang: string
  utcOffset: number
  /** Typical numbers of one of its posts, relative to its audience. */
  charm: number
  audience: (worldMs: number) => number
  createdMs: number
  calendar: Calendar
}

/** A profile with the id that its platform gave it. */
export type Source = Profile & { id: string }

type RosterOptions = {
  platform: PlatformId
  count: number
  perDay: number
  maxPerDay: number
  medianAudience: number
  firstDay: number
  /** Which standings occur, each for one source in `every`. */
  fates: readonly { standing: Standing; every: number; at: number }[]
  name?: (
    random: Random,
    topic: Topic,
    taken: ReadonlySet<string>,
  ) => { handle: string; title: string }
}

const zones: Record<string, number> = { en: -5, es: -3, de: 1, fr: 1, pt: -3, ja: 9 }
const since2026 = (worldMs: number) => (worldMs - Date.UTC(2026, 0, 1)) / dayMs

export function createRoster(setting: Setting, options: RosterOptions): Profile[] {
  const taken = new Set<string>()
  return Array.from({ length: options.count }, (_, index) => {
    const random = randomFor(setting.seed, options.platform, 'source', index)
    const topic = topics[index % topics.length] ?? topics[0]
    const { handle, title } = (options.name ?? sourceName)(random, topic, taken)
    taken.add(handle.toLowerCase())
    return profile(setting, options, { index, topic, handle, title, random })
  })
}

type Draft = { index: number; topic: Topic; handle: string; title: string; random: Random }

function profile(setting: Setting, options: RosterOptions, draft: Draft): Profile {
  const { index, random } = draft
  const habit = pickHabit(random)
  const lang = random.chance(0.82) ? 'en' : random.pick(['es', 'de', 'fr', 'pt', 'ja'])
  const utcOffset = (zones[lang] ?? 0) + random.int(3)
  const base = Math.max(12, logNormal(random, options.medianAudience, 1.7))
  const growth = 0.0004 + random.normal() * 0.0006
  const phase = random.between(0, 6)
  return {
    index,
    handle: draft.handle,
    title: draft.title,
    topic: draft.topic,
    habit,
    standing: options.fates.find(({ every, at }) => index % every === at)?.standing ?? 'active',
    lang,
    utcOffset,
    charm: logNormal(random, 1, 0.5),
    audience: (worldMs) => audienceAt(base, growth, phase, since2026(worldMs)),
    createdMs: Date.UTC(
      2008 + random.int(15),
      random.int(12),
      1 + random.int(28),
      random.int(24),
      random.int(60),
      random.int(60),
    ),
    calendar: createCalendar({
      key: [setting.seed, options.platform, index],
      habit,
      perDay: options.perDay,
      utcOffset,
      firstDay: options.firstDay,
      maxPerDay: options.maxPerDay,
    }),
  }
}

function pickHabit(random: Random): Habit {
  let left = random.float() * habits.reduce((sum, { weight }) => sum + weight, 0)
  for (const habit of habits) {
    left -= habit.weight
    if (left < 0) return habit
  }
  return habits[0] as Habit
}

/** The world moves on after the epoch: two of its days later, those who leave are gone. */
export const hasLeft = (setting: Setting, { standing }: Profile) =>
  standing === 'gone' ||
  (standing === 'leaves' && setting.time.now() > setting.time.epochMs + 2 * dayMs)

export const listing = (
  platform: PlatformId,
  { handle, title, standing, habit }: Profile,
  externalId: string,
): SourceListing => ({
  platform,
  handle,
  externalId,
  title,
  habit: standing === 'active' ? habit.id : standing,
})

export const numericId = (low: number, range: number, ...key: (string | number)[]) =>
  String(low + (hash32(...key) % range))
