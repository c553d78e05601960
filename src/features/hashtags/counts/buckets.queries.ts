import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../database/sql.ts'
import { ceilTo, dayMs, floorTo, hourMs, minuteMs } from './period.ts'
import { binned, tagsIn } from './tags-in.queries.ts'

export type BucketKind = 'm' | 'h' | 'd'
/** How often each tag is used in a minute, an hour or a UTC day. */
export type Bucket = { kind: BucketKind; at: number; counts: [tag: string, posts: number][] }

export const lengthOf: Record<BucketKind, number> = { m: minuteMs, h: hourMs, d: dayMs }

type Row = { kind: BucketKind; at: Date; counts: Record<string, number> }

/** All buckets that these hours touch, the empty ones too: what is there already may be wrong. */
export async function readBuckets(em: EntityManager, hours: Date[]): Promise<Bucket[]> {
  if (hours.length === 0) return []
  const days = [...new Set(hours.map((hour) => floorTo(hour.getTime(), dayMs)))]
  const found = await rows(
    em,
    sql<Row>`with minutes as (
        select ${binned('1 minute', sql`published_at`)} as at, tag, count(*) as posts
        from ${tagsIn(hours)} t group by 1, 2)
      select 'm' as kind, at, json_object_agg(tag, posts) as counts from minutes group by at
      union all
      select 'h', at, json_object_agg(tag, posts) from (
        select at, tag, sum(posts) as posts from tag_hours
        where at = any (${hours}::timestamptz[]) group by 1, 2) h group by at
      union all
      select 'd', at, json_object_agg(tag, posts) from (
        select at, tag, sum(posts) as posts from tag_days
        where at = any (${days.map((day) => new Date(day))}::timestamptz[])
        group by 1, 2 having sum(posts) > 0) d group by at`,
  )
  const known = new Map(
    found.map(({ kind, at, counts }) => [`${kind}${new Date(at).getTime()}`, counts]),
  )
  const bucket = (kind: BucketKind, at: number): Bucket => ({
    kind,
    at,
    counts: Object.entries(known.get(`${kind}${at}`) ?? {}),
  })
  return [
    ...days.map((at) => bucket('d', at)),
    ...hours.flatMap((hour) => [
      bucket('h', hour.getTime()),
      ...Array.from({ length: 60 }, (_, minute) => bucket('m', hour.getTime() + minute * minuteMs)),
    ]),
  ]
}

/** The first hour that the longest window can reach: its first day counts from its beginning. */
export const firstHourKept = (now: Date, keptMs: number): Date =>
  new Date(floorTo(now.getTime() - keptMs, dayMs))

/** Every hour since then, and those to come of which there are posts already. */
export async function hoursKept(em: EntityManager, now: Date, keptMs: number): Promise<Date[]> {
  const first = firstHourKept(now, keptMs).getTime()
  const hours = ceilTo(now.getTime() + 1 - first, hourMs) / hourMs
  const next = new Date(first + hours * hourMs)
  const later = await rows(
    em,
    sql<{ at: Date }>`select distinct at from tag_hours where at >= ${next}::timestamptz`,
  )
  return Array.from({ length: hours }, (_, hour) => new Date(first + hour * hourMs)).concat(
    later.map(({ at }) => new Date(at)),
  )
}
