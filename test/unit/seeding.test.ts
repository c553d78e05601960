import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { weekdayOf } from '../../src/features/seeding/calendar.ts'
import { communityWorld } from '../../src/features/seeding/community/community.ts'
import { newsroomWorld } from '../../src/features/seeding/newsroom/newsroom.ts'
import { randomOf } from '../../src/features/seeding/random.ts'
import { tagAt, weightsOf } from '../../src/features/seeding/vocabulary.ts'
import type { World, WorldPost } from '../../src/features/seeding/world.ts'

const epochMs = Date.UTC(2026, 0)

describe('the generator of random numbers', () => {
  test('gives the same numbers for ever', () => {
    const random = randomOf(1337, 'posts')
    expect(Array.from({ length: 6 }, () => random.int(1_000_000))).toEqual(firstNumbers)
  })

  test('streams of other names and seeds are others', () => {
    const first = (seed: number, name: string) => randomOf(seed, name).unit()
    expect(new Set([first(1, 'a'), first(1, 'b'), first(2, 'a'), first(2, 'b')]).size).toBe(4)
  })

  test('is even: a tenth of a million lands in each tenth', () => {
    const random = randomOf(1, 'even')
    const counts = Array.from({ length: 10 }, () => 0)
    for (let draw = 0; draw < 1_000_000; draw++) {
      const place = random.int(10)
      counts[place] = (counts[place] ?? 0) + 1
    }
    // Five standard deviations.
    for (const count of counts) expect(Math.abs(count - 100_000)).toBeLessThan(1_500)
  })

  test('weights are kept, and a weight of 0 is never drawn', () => {
    const random = randomOf(1, 'weights')
    const counts = [0, 0, 0]
    for (let draw = 0; draw < 30_000; draw++) {
      const place = random.weighted([1, 0, 2])
      counts[place] = (counts[place] ?? 0) + 1
    }
    expect(counts[1]).toBe(0)
    expect((counts[2] ?? 0) / (counts[0] ?? 1)).toBeCloseTo(2, 1)
  })
})

const firstNumbers = [60_028, 882_590, 304_573, 201_849, 221_200, 987_659]

/**
 * Logarithms and powers may be rounded differently from one version of Node.js to the next; the clock,
 * the zone and the locale differ from machine to machine.
 */
test('nothing in the seeder depends on the machine', () => {
  const folder = join(import.meta.dirname, '../../src/features/seeding')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  expect(files.length).toBeGreaterThan(8)
  const forbidden =
    /Math\.(random|log|exp|pow|sin|cos|tan|cbrt|hypot)|\*\*|Date\.now|new Date\(\)|[lL]ocale|Intl\.|getHours|getDay\(|clock\.now/
  for (const name of files) {
    const code = readFileSync(join(folder, name), 'utf8').replace(/\/\*\*[\s\S]*?\*\//g, '')
    expect([name, forbidden.exec(code)?.[0]]).toEqual([name, undefined])
  }
})

test('hashtags are distinct, however many', () => {
  const tags = Array.from({ length: 5_000 }, (_, index) => tagAt(index))
  expect(new Set(tags).size).toBe(5_000)
  for (const tag of tags) expect(tag).toMatch(/^[a-z]+\d*$/)
})

test('moods add up', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.constantFrom('negative' as const, 'neutral' as const, 'positive' as const),
      (seed, mood) => {
        const weights = weightsOf(randomOf(seed, 'mood'), mood)
        expect(weights.negative + weights.neutral + weights.positive).toBe(10_000)
        expect(Math.max(weights.negative, weights.neutral, weights.positive)).toBe(weights[mood])
        expect(
          Math.min(weights.negative, weights.neutral, weights.positive),
        ).toBeGreaterThanOrEqual(0)
      },
    ),
  )
})

const counted = ['views', 'likes', 'comments', 'shares'] as const

/** What is wrong with one post's samples. */
function samplesAmiss({ publishedMs, samples }: WorldPost, epochMs: number): string[] {
  const all = samples()
  const steps = all.slice(1).map((one, index) => [all[index] ?? one, one] as const)
  const [first] = all
  return [
    ...(first && first.atMs > publishedMs - 60_000 ? [] : ['no look, or one before publication']),
    ...(all.every(({ atMs }) => atMs <= epochMs) ? [] : ['a look after the end']),
    ...(steps.every(([one, other]) => one.atMs < other.atMs) ? [] : ['looks out of order']),
    ...counted.filter((name) =>
      steps.some(([one, other]) => (other[name] ?? 0) < (one[name] ?? 0)),
    ),
  ]
}

/** What must hold in any world. */
function check(world: World): void {
  const byId = new Map(world.posts.map((post) => [post.externalId, post]))
  const authors = new Map(world.authors.map((author) => [author.externalId, author]))
  const sources = new Set(world.sources.map(({ externalId }) => externalId))
  expect([byId.size, authors.size, sources.size]).toEqual([
    world.posts.length,
    world.authors.length,
    world.sources.length,
  ])
  const amiss = world.posts.flatMap((post) => {
    const parent = post.replyTo === null ? null : byId.get(post.replyTo)
    const isAfter = parent === null || (parent && parent.publishedMs <= post.publishedMs)
    return [
      ...(isAfter ? [] : ['answers nothing, or what came later']),
      ...(authors.get(post.author)?.platform === post.platform ? [] : ['of nobody here']),
      ...(sources.has(post.source) ? [] : ['of no source']),
      ...(post.publishedMs >= world.startMs ? [] : ['too early']),
      ...samplesAmiss(post, world.epochMs),
    ].map((what) => `${post.externalId}: ${what}`)
  })
  expect(amiss).toEqual([])
}

describe('the community', () => {
  test('holds together for any size and seed', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.nat(),
          users: fc.integer({ min: 10, max: 120 }),
          posts: fc.integer({ min: 1, max: 200 }),
          hashtags: fc.integer({ min: 1, max: 60 }),
        }),
        (options) => {
          const world = communityWorld({ ...options, epochMs })
          expect(world.authors).toHaveLength(options.users)
          expect(world.posts.filter(({ kind }) => kind !== 'comment')).toHaveLength(options.posts)
          check(world)
        },
      ),
      { numRuns: 25 },
    )
  })

  test('uses every hashtag, has deep threads, and one that everybody talks about at last', () => {
    const world = communityWorld({
      seed: 1337,
      epochMs,
      users: 1_000,
      posts: 10_000,
      hashtags: 150,
    })
    expect(new Set(world.posts.flatMap(({ tags }) => tags)).size).toBe(150)
    const depth = new Map<string, number>()
    for (const { externalId, replyTo } of world.posts) {
      depth.set(externalId, replyTo === null ? 0 : 1 + (depth.get(replyTo) ?? 0))
    }
    expect(Math.max(...depth.values())).toBeGreaterThanOrEqual(8)
    const lastHour = world.posts.filter(
      ({ publishedMs, kind }) => kind !== 'comment' && publishedMs > epochMs - 3_600_000,
    )
    const hot = lastHour.filter(({ tags }) => tags.includes(tagAt(3)))
    expect(hot.length).toBeGreaterThan(25)
    expect(new Set(hot.map(({ author }) => author)).size).toBeGreaterThan(10)
  })

  test('posts say how many comments hang under them', () => {
    const world = communityWorld({ seed: 7, epochMs, users: 60, posts: 300, hashtags: 20 })
    const under = Map.groupBy(world.posts, ({ threadId }) => threadId)
    for (const post of world.posts) {
      if (post.platform === 'twitter' || post.kind === 'comment') continue
      const last = post.samples().at(-1)
      const there = (under.get(post.externalId) ?? []).filter(
        ({ publishedMs }) => publishedMs <= (last?.atMs ?? 0),
      )
      expect(last?.comments).toBe(there.length)
    }
  })
})

describe('the newsroom', () => {
  const options = {
    seed: 1337,
    epochMs,
    users: 500,
    posts: 3_000,
    hashtags: 40,
    authors: 50,
    engagements: 5_000,
  }
  const world = newsroomWorld(options)
  const written = world.posts.filter(({ kind }) => kind !== 'comment')

  test('holds together, with as many authors, readers and engagements as were asked for', () => {
    check(world)
    expect(written).toHaveLength(3_000)
    expect(world.authors).toHaveLength(550)
    expect(new Set(written.map(({ author }) => author)).size).toBe(50)
    const sum = written.reduce((total, post) => {
      const { views, likes, comments, shares } = post.samples().at(-1) ?? {}
      return total + (views ?? 0) + (likes ?? 0) + (comments ?? 0) + (shares ?? 0)
    }, 0)
    expect(sum).toBe(5_000)
  })

  test('a working day has three times the posts of a day of the weekend', () => {
    const days = Map.groupBy(written, ({ publishedMs }) =>
      weekdayOf(publishedMs) < 5 ? 'working' : 'free',
    )
    const ratio = (days.get('working')?.length ?? 0) / 5 / ((days.get('free')?.length ?? 0) / 2)
    expect(ratio).toBeGreaterThan(2.6)
    expect(ratio).toBeLessThan(3.4)
  })

  test('an odd number of engagements or none', () => {
    check(newsroomWorld({ ...options, posts: 1, engagements: 0 }))
    check(newsroomWorld({ ...options, posts: 20, users: 10, engagements: 77 }))
  })
})
