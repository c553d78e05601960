import { type Association, association } from '../../src/statistics/association.ts'
import { type Finding, type Part, percent, readRows } from '../real-analytics-data.ts'

type Video = { video_id: string; day: string; tags: string[] }

const listed = 10
const leastSupport = 3
const learnedShare = 0.7

type Learned = {
  total: number
  of: Map<string, number>
  together: Map<string, Map<string, number>>
}

const addOne = <Key>(counts: Map<Key, number>, key: Key) =>
  counts.set(key, (counts.get(key) ?? 0) + 1)

function learn(videos: readonly { tags: string[] }[]): Learned {
  const learned: Learned = { total: videos.length, of: new Map(), together: new Map() }
  for (const { tags } of videos) {
    for (const tag of tags) {
      addOne(learned.of, tag)
      const beside = learned.together.get(tag) ?? new Map<string, number>()
      learned.together.set(tag, beside)
      for (const other of tags.filter((one) => one !== tag)) addOne(beside, other)
    }
  }
  return learned
}

function recommended(
  { total, of, together }: Learned,
  tag: string,
  by: keyof Association,
): string[] {
  return [...(together.get(tag) ?? [])]
    .filter(([, both]) => both >= leastSupport)
    .map(([other, both]) => ({
      other,
      both,
      value: association({ total, a: of.get(tag) ?? 0, b: of.get(other) ?? 0, both })?.[by] ?? 0,
    }))
    .toSorted((one, two) => two.value - one.value || two.both - one.both)
    .slice(0, listed)
    .map(({ other }) => other)
}

/** Videos that come later: each tag of theirs that is known is asked for, and the others are what was meant. */
function judge(
  learned: Learned,
  later: readonly { tags: string[] }[],
  name: string,
  recommend: (tag: string) => string[],
): Finding {
  let [asked, hits, shown, right] = [0, 0, 0, 0]
  for (const { tags } of later) {
    const own = new Set(tags)
    for (const tag of tags) {
      // The same questions for every way of answering: those that the least support can answer at all.
      if (recommended(learned, tag, 'rate').length === 0) continue
      const told = recommend(tag)
      const found = told.filter((one) => one !== tag && own.has(one)).length
      asked++
      hits += Number(found > 0)
      shown += told.length
      right += found
    }
  }
  const value = `one of ${listed} is right in ${percent(hits / asked)}, precision ${percent(right / shown)}`
  return { part: 'tags', name, value, n: asked }
}

async function findings(): Promise<Finding[]> {
  const rows = await readRows<Video>('youtube_trending_US_2017')
  const videos = [...Map.groupBy(rows, ({ video_id }) => video_id).values()]
    .map((own) => own.reduce((one, other) => (other.day < one.day ? other : one)))
    .map(({ day, tags }) => ({ day, tags: [...new Set(tags.map((tag) => tag.toLowerCase()))] }))
    .toSorted((one, other) => one.day.localeCompare(other.day))
  const cut = Math.floor(learnedShare * videos.length)
  const learned = learn(videos.slice(0, cut))
  const later = videos.slice(cut)
  const common = [...learned.of].toSorted((one, other) => other[1] - one[1]).map(([tag]) => tag)
  return [
    judge(learned, later, 'recommended by rate', (tag) => recommended(learned, tag, 'rate')),
    judge(learned, later, 'by lift', (tag) => recommended(learned, tag, 'lift')),
    judge(learned, later, 'by NPMI', (tag) => recommended(learned, tag, 'npmi')),
    judge(learned, later, 'the ten most common', () => common.slice(0, listed)),
  ]
}

export const tags: Part = { name: 'tags', findings }
