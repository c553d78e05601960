import type { PostingTimes } from '../../../statistics/posting-times.ts'

type Read = { published: number; every: number }

const names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const weekdayOf = (slot: number) => Math.floor(slot / 24) + 1
const chosen = <P>(places: readonly P[], best: readonly number[]): P[] =>
  best.flatMap((place) => places[place] ?? [])

export function presentTimes(times: PostingTimes, { published, every }: Read) {
  const { best, hours } = times
  const slots = times.slots.map(({ slot, ...known }) => ({
    weekday: weekdayOf(slot),
    hour: slot % 24,
    ...known,
  }))
  const weekdays = times.weekdays.map((one) => ({ ...one, weekday: one.weekday + 1 }))
  return {
    posts: times.posts,
    published,
    sampledShare: 1 / every,
    groups: times.groups,
    intervalLevel: times.level,
    heatmap: slots,
    hours,
    weekdays,
    best: best && {
      hours: chosen(hours, best.hours),
      weekdays: chosen(weekdays, best.weekdays),
      slots: chosen(slots, best.slots),
    },
    pValue: times.pValue,
    reason: times.reason,
    summary: inWords(times),
  }
}

const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`

function inWords({ best, reason, posts, slots, level }: PostingTimes): string {
  if (reason === 'too_few_posts') {
    return `${posts} posts are too few to tell good hours from luck.`
  }
  if (reason === 'nothing_to_compare') {
    return 'Nobody posted at more than one time of the week: there is nothing to compare.'
  }
  const [first] = chosen(slots, best?.slots ?? [])
  if (!first || first.lift === null || first.low === null || first.high === null) {
    return 'There is no reliable difference between hours: post when it suits you.'
  }
  const percent = (lift: number) => Math.round((lift - 1) * 100)
  const when = `${names[weekdayOf(first.slot) - 1]} ${clock(first.slot % 24)}`
  const sure = `${Math.round(level * 100)} % interval: ${percent(first.low)} to ${percent(first.high)} %`
  return `Best so far: ${when}, about ${percent(first.lift)} % above the usual (${sure}).`
}
