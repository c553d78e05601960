import type { PostingTimes } from '../../../statistics/posting-times.ts'

type Read = { published: number; every: number }

const names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const weekdayOf = (slot: number) => Math.floor(slot / 24) + 1
const liftIn = <P extends { lift: number | null }>(places: readonly P[], place: number) =>
  places[place]?.lift ?? null

export function presentTimes(times: PostingTimes, { published, every }: Read) {
  const { slots, hours, weekdays, best } = times
  return {
    posts: times.posts,
    published,
    sampledShare: 1 / every,
    groups: times.groups,
    heatmap: slots.map(({ slot, posts, lift, low, high, inBest }) => ({
      weekday: weekdayOf(slot),
      hour: slot % 24,
      posts,
      lift,
      low,
      high,
      inBest,
    })),
    hours,
    weekdays: weekdays.map(({ weekday, posts, lift }) => ({ weekday: weekday + 1, posts, lift })),
    best: best && {
      hours: best.hours.map((hour) => ({ hour, lift: liftIn(hours, hour) })),
      weekdays: best.weekdays.map((day) => ({ weekday: day + 1, lift: liftIn(weekdays, day) })),
      slots: best.slots.map((slot) => ({
        weekday: weekdayOf(slot),
        hour: slot % 24,
        lift: liftIn(slots, slot),
      })),
    },
    pValue: times.pValue,
    reason: times.reason,
    summary: inWords(times),
  }
}

const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`

function inWords({ best, reason, posts, slots }: PostingTimes): string {
  if (reason === 'too_few_posts') {
    return `${posts} posts are too few to tell good hours from luck.`
  }
  const [first] = best?.slots ?? []
  const lift = first === undefined ? null : liftIn(slots, first)
  if (first === undefined || lift === null) {
    return 'There is no reliable difference between hours: post when it suits you.'
  }
  const percent = Math.round((lift - 1) * 100)
  return `Best so far: ${names[weekdayOf(first) - 1]} ${clock(first % 24)}, about ${percent} % above the usual.`
}
