import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { firstRow, rows, sql } from '../../../database/sql.ts'
import { partsOf, type Range, rangesOf } from './period.ts'

export type TagCount = { hashtag: string; count: number }

export type CountQuestion = Range & {
  platform?: string | undefined
  /** Only these. */
  tags?: readonly string[]
  /** Only tags with so many posts. */
  least?: number
  most?: number
}

type Part = RawBuilder<unknown>
const at = (ms: number) => sql`${new Date(ms)}::timestamptz`
const within = (column: RawBuilder<unknown>, { from, to }: Range) =>
  sql`${column} >= ${at(from)} and ${column} < ${at(to)}`

const only = ({ platform, tags }: CountQuestion, row: RawBuilder<unknown>) =>
  sql`${platform ? sql` and ${row}.platform = ${platform}` : sql``}${ofTags(tags, row)}`
const ofTags = (tags: CountQuestion['tags'], row: RawBuilder<unknown>) =>
  tags ? sql` and ${row}.tag = any (${[...tags]}::text[])` : sql``

/** Posts by their own rows; their platform is written at the post. */
const ofPosts = ({ platform, tags }: CountQuestion, range: Range): Part => {
  const join = platform ? sql`join posts p on p.id = t.post_id and p.platform = ${platform}` : sql``
  return sql`(select t.tag collate "C" as tag, count(*) as posts from post_tags t ${join}
    where ${within(sql`t.published_at`, range)}${ofTags(tags, sql`t`)} group by 1)`
}

const ofSums = (question: CountQuestion, table: RawBuilder<unknown>, range: Range): Part =>
  sql`(select h.tag, sum(h.posts) as posts from ${table} h
    where ${within(sql`h.at`, range)}${only(question, sql`h`)} group by 1)`

const lessSums = (question: CountQuestion, range: Range): Part =>
  sql`(select h.tag, -sum(h.posts) as posts from tag_hours h
    where ${within(sql`h.at`, range)}${only(question, sql`h`)} group by 1)`

/** Hours whose tags changed and that were not counted since, as few ranges. */
async function waitingRanges(em: EntityManager, among: readonly Range[]): Promise<Range[]> {
  if (among.length === 0) return []
  const found = await rows(
    em,
    sql<{ at: Date }>`select distinct at from tag_recounts where ${sql.join(
      among.map((range) => sql`(${within(sql`at`, range)})`),
      sql` or `,
    )}`,
  )
  return rangesOf(found.map(({ at: hour }) => new Date(hour)))
}

/** What the posts of these ranges say, less what their sums say: added to sums, it makes them exact. */
const corrections = (question: CountQuestion, waiting: readonly Range[]): Part[] =>
  waiting.flatMap((range) => [ofPosts(question, range), lessSums(question, range)])

/**
 * How many posts carry each tag in a period, exact to the millisecond: whole days and hours from their
 * sums, the ends from the posts. Most first, equal ones in the order of their bytes.
 */
export async function countTags(em: EntityManager, question: CountQuestion): Promise<TagCount[]> {
  if (question.tags?.length === 0 || question.from >= question.to) return []
  const { days, hours, edges } = partsOf(question)
  const waiting = await waitingRanges(em, [...days, ...hours])
  const parts: Part[] = [
    ...days.map((range) => ofSums(question, sql`tag_days`, range)),
    ...hours.map((range) => ofSums(question, sql`tag_hours`, range)),
    ...edges.map((range) => ofPosts(question, range)),
    ...corrections(question, waiting),
  ]
  const found = await rows(
    em,
    sql<{ tag: string; posts: string }>`select tag, sum(posts) as posts
      from (${sql.join(parts, sql` union all `)}) parts
      group by tag having sum(posts) >= ${question.least ?? 1}
      order by sum(posts) desc, tag collate "C" limit ${question.most ?? null}`,
  )
  return found.map(presentCount)
}

const presentCount = ({ tag, posts }: { tag: string; posts: string }): TagCount => ({
  hashtag: tag,
  count: Number(posts),
})

/** Corrections of all time's sums, as a table of tags; null: there are none. */
async function ofAllTime(em: EntityManager, platform: string | undefined): Promise<Part> {
  const waiting = await waitingRanges(em, [always])
  const parts = corrections({ ...always, platform }, waiting)
  return parts.length > 0
    ? sql.join(parts, sql` union all `)
    : sql`select null::text collate "C" as tag, 0 as posts where false`
}
const always: Range = { from: -8.64e12, to: 8.64e13 }

/** The tags with the most posts ever. */
export async function countTopTags(
  em: EntityManager,
  { platform, most }: { platform?: string | undefined; most: number },
): Promise<TagCount[]> {
  const found = await rows(
    em,
    sql<{ tag: string; posts: string }>`
      with changed as materialized (
        select tag, sum(posts) as posts from (${await ofAllTime(em, platform)}) c group by tag
        having sum(posts) <> 0
      ), first as (
        select tag, posts from tag_totals where platform = ${platform ?? ''}
        order by posts desc, tag limit ${most} + (select count(*) from changed)
      )
      select listed.tag, coalesce(t.posts, 0) + coalesce(c.posts, 0) as posts
      from (select tag from first union select tag from changed) listed
        left join tag_totals t on t.tag = listed.tag and t.platform = ${platform ?? ''}
        left join changed c on c.tag = listed.tag
      where coalesce(t.posts, 0) + coalesce(c.posts, 0) > 0
      order by 2 desc, listed.tag collate "C" limit ${most}`,
  )
  return found.map(presentCount)
}

/** Beyond whatever can follow a prefix. */
const last = '\u{10ffff}'

/** Tags that begin so, most used first. */
export async function findTagsByPrefix(
  em: EntityManager,
  { prefix, platform, most }: { prefix: string; platform?: string | undefined; most: number },
): Promise<TagCount[]> {
  const range = sql`tag >= ${prefix} and tag < ${prefix + last}`
  const found = await rows(
    em,
    sql<{ tag: string; posts: string }>`select tag, sum(posts) as posts from (
        select tag, posts from tag_totals where platform = ${platform ?? ''} and ${range}
        union all
        select tag, posts from (${await ofAllTime(em, platform)}) c where ${range}) found
      group by tag having sum(posts) > 0
      order by sum(posts) desc, tag collate "C" limit ${most}`,
  )
  return found.map(presentCount)
}

export type CountState = {
  /** null: nothing was ever counted. */
  version: string | null
  /** Hours of the period are not counted since their tags changed. */
  waiting: boolean
}

export async function countState(em: EntityManager, from: number): Promise<CountState> {
  const row = await firstRow(
    em,
    sql<CountState>`select (select version from tag_counters) as version,
      exists (select from tag_recounts where at >= ${at(from)}) as waiting`,
  )
  return row ?? { version: null, waiting: true }
}
