import type { Redis } from 'ioredis'
import { type Hints, unanswered } from '../../../cache/hints.ts'
import { workspaceKeys } from '../../../cache/workspace-keys.ts'
import { type Bucket, lengthOf } from './buckets.queries.ts'
import { dayMs, partsOf, type Range } from './period.ts'
import type { TagCount } from './tag-counts.queries.ts'

/** The longest window is 7 days, and its first day stands in a bucket of a whole day. */
export const keptMs = 8 * dayMs

/**
 * A workspace's buckets in Redis: sorted sets of tags with minus their count as score, so that the
 * order of a set is ours (most first, then by bytes). One key holds the version of the counts in
 * PostgreSQL that the buckets follow: whoever finds another there asks PostgreSQL. A Redis that was
 * emptied, restored from yesterday or written by a ghost therefore never answers wrongly.
 */
const prefixOf = (workspaceId: string) => workspaceKeys('tags', workspaceId)
const versionKey = (workspaceId: string) => `${prefixOf(workspaceId)}version`
const keyOf = (workspaceId: string, { kind, at }: Pick<Bucket, 'kind' | 'at'>) =>
  `${prefixOf(workspaceId)}${kind}${at / lengthOf[kind]}`

/** All in one step, and only on top of the version that is expected; '*': whatever is there. */
const writeScript = `
if ARGV[1] ~= '*' and redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
for i = 2, #KEYS do
  redis.call('del', KEYS[i])
  local list = cjson.decode(ARGV[i + 1])
  if #list > 1 then
    for first = 2, #list, 1000 do
      redis.call('zadd', KEYS[i], unpack(list, first, math.min(first + 999, #list)))
    end
    redis.call('expire', KEYS[i], list[1])
  end
end
redis.call('set', KEYS[1], ARGV[2], 'EX', 2592000)
return 1`

const readScript = `
if redis.call('get', KEYS[1]) ~= ARGV[1] then return false end
redis.call('zunionstore', KEYS[2], #KEYS - 2, unpack(KEYS, 3))
local top = redis.call('zrange', KEYS[2], 0, ARGV[2] - 1, 'withscores')
redis.call('del', KEYS[2])
return top`

const anything = '*'
const mostMembers = 20_000

function portionsOf(buckets: readonly Bucket[]): Bucket[][] {
  const portions: Bucket[][] = [[]]
  let members = 0
  for (const bucket of buckets) {
    members += bucket.counts.length + 1
    if (members > mostMembers) {
      portions.push([])
      members = bucket.counts.length + 1
    }
    portions.at(-1)?.push(bucket)
  }
  return portions
}

type Written = { workspaceId: string; now: Date; buckets: readonly Bucket[] }
type Step = { expected: string; next: string }

async function writePortion(
  redis: Redis,
  { workspaceId, now, buckets }: Written,
  { expected, next }: Step,
): Promise<boolean> {
  const keys = [versionKey(workspaceId), ...buckets.map((bucket) => keyOf(workspaceId, bucket))]
  const lists = buckets.map(({ kind, at, counts }) => {
    const ttl = Math.ceil((at + lengthOf[kind] + keptMs - now.getTime()) / 1_000)
    return JSON.stringify([Math.max(1, ttl), ...counts.flatMap(([tag, posts]) => [-posts, tag])])
  })
  return (await redis.eval(writeScript, keys.length, ...keys, expected, next, ...lists)) === 1
}

/**
 * Writes buckets that belong to `version`. `onTopOf`: the version whose buckets these change; null: all
 * buckets are there. false: Redis is away, or holds another version.
 */
export async function writeBuckets(
  hints: Hints,
  written: Written,
  { version, onTopOf }: { version: string; onTopOf: string | null },
): Promise<boolean> {
  const portions = portionsOf(written.buckets)
  const between = `writing ${version}`
  for (const [index, buckets] of portions.entries()) {
    const step = {
      expected: index === 0 ? (onTopOf ?? anything) : between,
      next: index === portions.length - 1 ? version : between,
    }
    const done = await hints.ask((redis) => writePortion(redis, { ...written, buckets }, step))
    if (done !== true) return false
  }
  return true
}

/** The version whose counts Redis holds; null: none, or it is away. */
export async function keptVersion(hints: Hints, workspaceId: string): Promise<string | null> {
  const found = await hints.ask((redis) => redis.get(versionKey(workspaceId)))
  return found === unanswered ? null : found
}

/** The k most used tags of a period of at most 7 days; null: Redis cannot say. */
export async function readTop(
  hints: Hints,
  question: Range & { workspaceId: string; version: string; k: number },
): Promise<TagCount[] | null> {
  const { workspaceId, version, k } = question
  const { days, hours, edges } = partsOf(question)
  const keys = [
    ...days.flatMap((range) => bucketsIn(range, 'd')),
    ...hours.flatMap((range) => bucketsIn(range, 'h')),
    ...edges.flatMap((range) => bucketsIn(range, 'm')),
  ].map((bucket) => keyOf(workspaceId, bucket))
  const all = [versionKey(workspaceId), `${prefixOf(workspaceId)}answer`, ...keys]
  const found = await hints.ask((redis) => redis.eval(readScript, all.length, ...all, version, k))
  if (!Array.isArray(found)) return null
  return Array.from({ length: found.length / 2 }, (_, index) => ({
    hashtag: String(found[2 * index]),
    count: -Number(found[2 * index + 1]),
  }))
}

function bucketsIn({ from, to }: Range, kind: Bucket['kind']) {
  const length = lengthOf[kind]
  return Array.from({ length: (to - from) / length }, (_, index) => ({
    kind,
    at: from + index * length,
  }))
}
