import { postingTimes } from '../../src/statistics/posting-times.ts'
import type { SlotCell } from '../../src/statistics/slot-cells.ts'
import {
  type Finding,
  type Part,
  percent,
  readRows,
  round,
  shuffled,
} from '../real-analytics-data.ts'

type Tweet = { created_at: string; replies: number; retweets: number; favorites: number }
type Submission = { subreddit: string; created_utc: number; score: number; num_comments: number }
/** `half`: what is learned on one is judged on the other. */
type Post = { group: string; slot: number; y: number; half: 0 | 1 }

const slotOf = (ms: number): number => {
  const at = new Date(ms)
  return 24 * ((at.getUTCDay() + 6) % 7) + at.getUTCHours()
}

function cellsOf(posts: readonly Post[]): SlotCell[] {
  const cells = new Map<string, SlotCell>()
  for (const { group, slot, y } of posts) {
    const key = `${group} ${slot}`
    const cell = cells.get(key) ?? { group, slot, n: 0, total: 0, squares: 0 }
    cell.n++
    cell.total += y
    cell.squares += y * y
    cells.set(key, cell)
  }
  return [...cells.values()]
}

/** What posts of these slots did beyond their own group's mean, on a half that was not learned from. */
function heldOut(posts: readonly Post[], slots: readonly number[]): { ratio: number; n: number } {
  const chosen = new Set(slots)
  const beyond = [...Map.groupBy(posts, ({ group }) => group).values()].flatMap((own) => {
    const mean = own.reduce((sum, { y }) => sum + y, 0) / own.length
    return own.filter(({ slot }) => chosen.has(slot)).map(({ y }) => y - mean)
  })
  const mean = beyond.reduce((sum, one) => sum + one, 0) / Math.max(1, beyond.length)
  return { ratio: Math.exp(mean), n: beyond.length }
}

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const slotName = (slot: number) => `${dayNames[Math.floor(slot / 24)]} ${slot % 24} h`

/** The seeds' own: the slots with the highest mean engagement, whoever posted and whenever. */
function naiveBest(posts: readonly Post[]): number[] {
  return [...Map.groupBy(posts, ({ slot }) => slot)]
    .map(([slot, own]) => ({
      slot,
      mean: own.reduce((sum, { y }) => sum + Math.expm1(y), 0) / own.length,
    }))
    .toSorted((one, other) => other.mean - one.mean)
    .slice(0, 5)
    .map(({ slot }) => slot)
}

const shuffles = 100

/** How often a world without any effect of time is said to have one: the posts' slots change hands. */
function falseAlarms(posts: readonly Post[]): number {
  const groups = [...Map.groupBy(posts, ({ group }) => group).values()]
  let told = 0
  for (let seed = 1; seed <= shuffles; seed++) {
    const mixed = groups.flatMap((own) => {
      const ys = shuffled(own, seed).map(({ y }) => y)
      return own.map((post, index) => ({ ...post, y: ys[index] ?? 0 }))
    })
    if (postingTimes(cellsOf(mixed)).best) told++
  }
  return told
}

function judge(part: string, posts: readonly Post[]): Finding[] {
  const whole = postingTimes(cellsOf(posts))
  const learn = posts.filter(({ half }) => half === 0)
  const test = posts.filter(({ half }) => half === 1)
  const half = postingTimes(cellsOf(learn))
  const ranked = half.slots
    .filter(({ lift }) => lift !== null)
    .toSorted((one, other) => (other.lift ?? 0) - (one.lift ?? 0))
  const ours = heldOut(
    test,
    ranked.slice(0, 5).map(({ slot }) => slot),
  )
  const worst = heldOut(
    test,
    ranked.slice(-5).map(({ slot }) => slot),
  )
  const naive = heldOut(test, naiveBest(learn))
  const best = whole.slots
    .filter(({ slot }) => whole.best?.slots.includes(slot))
    .toSorted((one, other) => (other.lift ?? 0) - (one.lift ?? 0))
    .map(
      ({ slot, lift, low, high, posts: n }) =>
        `${slotName(slot)} ${round(lift)} (${round(low)}-${round(high)}, ${n} posts)`,
    )
  const told = (name: string, value: string, n = posts.length) => ({ part, name, value, n })
  return [
    told('answer', whole.reason ?? `a difference, p = ${whole.pValue?.toExponential(1)}`),
    told('best five slots: lift (90 % interval)', best.join('; ') || 'none told'),
    told('best days', whole.best?.weekdays.map((day) => dayNames[day]).join(', ') ?? 'none told'),
    told('best hours', whole.best?.hours.join(', ') ?? 'none told'),
    told('half the months learned: its answer', half.reason ?? 'a difference', learn.length),
    told('the other half: lift of its best five', round(ours.ratio), ours.n),
    told('of the naive best five', round(naive.ratio), naive.n),
    told('of its worst five', round(worst.ratio), worst.n),
    told(
      `with times shuffled within groups, "a difference" in ${shuffles} worlds`,
      percent(falseAlarms(posts) / shuffles),
    ),
  ]
}

async function timeline(): Promise<Post[]> {
  const rows = await readRows<Tweet>('x_timeline_BarackObama')
  return rows.map(({ created_at, replies, retweets, favorites }) => {
    const month = created_at.slice(0, 7)
    return {
      group: month,
      slot: slotOf(Date.parse(`${created_at}Z`)),
      y: Math.log1p(replies + retweets + favorites),
      half: Number(month.slice(5)) % 2 === 0 ? 0 : 1,
    }
  })
}

/** The last year of those subreddits that have 300 posts in it, by subreddit and month. */
async function submissions(): Promise<Post[]> {
  const rows = await readRows<Submission>('reddit_top_posts_2013')
  const recent = rows.filter(({ created_utc }) => created_utc >= Date.UTC(2012, 7, 1) / 1_000)
  const large = [...Map.groupBy(recent, ({ subreddit }) => subreddit).values()].filter(
    ({ length }) => length >= 300,
  )
  return large.flat().map(({ subreddit, created_utc, score, num_comments }) => {
    const month = new Date(created_utc * 1_000).toISOString().slice(0, 7)
    return {
      group: `${subreddit} ${month}`,
      slot: slotOf(created_utc * 1_000),
      y: Math.log1p(Math.max(0, score) + num_comments),
      half: Number(month.slice(5)) % 2 === 0 ? 0 : 1,
    }
  })
}

const findings = async (): Promise<Finding[]> => [
  ...judge('times, X', await timeline()),
  ...judge('times, Reddit', await submissions()),
]

export const times: Part = { name: 'times', findings }
