import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { firstRow, sql } from '../../../database/sql.ts'
import { authorsOfPeriod, sumsOfPeriod } from '../../rollups/index.ts'
import type { Ranking } from './period.ts'

type Piece = RawBuilder<unknown>
const dayMs = 86_400_000

const added = ['posts', 'views', 'likes', 'comments', 'shares', 'score', 'engagement'] as const
const told = ['views', 'likes', 'comments', 'shares', 'engagement'] as const
const columns = [...added, ...told.map((name) => `${name}_n`)]

/** As floats, which are several times as fast to add up; whole numbers are exact below 2^53. */
const summed = (names: readonly string[]) =>
  sql.join(names.map((name) => sql`sum(${sql.ref(name)}::float8)::bigint as ${sql.ref(name)}`))
const listed = (names: readonly string[]) => sql.join(names.map((name) => sql.ref(name)))

/** The same columns of posts themselves, for the few that are promoted. */
const ofPosts = (sign: 1 | -1, names: readonly string[]) => {
  const by = sql.raw(String(sign))
  const ofPost = (name: string) => {
    if (name === 'posts') return by
    const counted = /^(.*)_n$/.exec(name)?.[1]
    return counted
      ? sql`${by} * (${sql.ref(counted)} is not null)::int`
      : sql`${by} * coalesce(${sql.ref(name)}, 0)`
  }
  return sql.join(names.map((name) => sql`${ofPost(name)} as ${sql.ref(name)}`))
}

/** Promoted posts of the period, read by the index that holds no others. Comments are not posts. */
const promotedPosts = (
  sign: 1 | -1,
  { from, to }: Ranking,
  more: Piece,
  by: GroupedBy,
  names: Names,
) => sql`
  select ${sql.ref(by)} as author_id, coalesce(category, '') as category, ${ofPosts(sign, names)} from posts p
  where promoted and kind <> 'comment' and published_at >= ${from}::timestamptz
    and published_at < ${endOf(to)}::timestamptz ${more}`

type GroupedBy = 'author_id' | 'platform'
type Names = readonly string[]

/** Posts that bear a later time than now are of a day like any other. */
const endOf = (to: string) => new Date(Math.ceil(Date.parse(to) / dayMs) * dayMs).toISOString()

/** Rollups know nothing of promotion: the others are all less the promoted ones, exactly. */
function pieces(
  ranking: Ranking,
  all: Piece,
  more: Piece,
  { by, names }: { by: GroupedBy; names: Names },
): Piece {
  if (ranking.promoted === null) return all
  if (ranking.promoted) return promotedPosts(1, ranking, more, by, names)
  return sql`${all} union all ${promotedPosts(-1, ranking, more, by, names)}`
}

/**
 * What each author's posts of the period sum up to, by category ('' has none): rows of author_id,
 * category, the sums, and by the ranking's measure `total` of the `n` posts that tell it. `isJudged`:
 * of the sums only those that they are judged by, which is half the work.
 */
export function sumsOfAuthors(
  ranking: Ranking,
  category: string | null = null,
  isJudged = false,
): Piece {
  const names = isJudged ? judgedBy(ranking) : columns
  const { firstDay, lastDay, platform } = ranking
  const ofCategory = category === null ? sql`` : sql`and category = ${category}`
  const ofPlatform =
    platform === null
      ? sql``
      : sql`and author_id in (select id from authors where platform = ${platform})`
  const rollups = sql`
    select author_id, category, ${listed(names)} from ${authorsOfPeriod(names, firstDay, lastDay)} r
    where kind <> 'comment' ${ofCategory} ${ofPlatform}`
  const more = sql`${ofCategory} ${ofPlatform} and author_id is not null`
  return sql`
    select s.*, ${totalOf(ranking)} as total, ${countOf(ranking)} as n from (
      select author_id, category, ${summed(names)}
      from (${pieces(ranking, rollups, more, { by: 'author_id', names })}) r
      group by author_id, category having sum(posts::float8) > 0) s`
}

/**
 * The same of all posts together, those of no known author and of no category too: one row. Who tells
 * what depends on the platform, so it is counted by platform first.
 */
function sumOfAll(ranking: Ranking): Piece {
  const { from, to, platform } = ranking
  const names = judgedBy(ranking)
  const ofPlatform = platform === null ? sql`` : sql`and platform = ${platform}`
  const rollups = sql`
    select platform as author_id, '' as category, ${listed(names)}
    from ${sumsOfPeriod('workspace', names, { from, to: endOf(to) })} r
    where kind <> 'comment' ${ofPlatform}`
  return sql`
    select sum(s.posts) as posts, sum(${totalOf(ranking)}) as total, sum(${countOf(ranking)}) as n
    from (select ${summed(names)}
      from (${pieces(ranking, rollups, ofPlatform, { by: 'platform', names })}) r
      group by author_id) s`
}

const judgedBy = ({ measure }: Ranking): Names =>
  measure === 'engagement'
    ? ['posts', 'engagement', 'engagement_n']
    : ['posts', 'views', 'views_n', 'engagement', 'engagement_n']

const totalOf = ({ measure }: Ranking) =>
  measure === 'engagement' ? sql`engagement` : sql`(views + engagement)`
const countOf = ({ measure }: Ranking) =>
  measure === 'engagement' ? sql`engagement_n` : sql`greatest(views_n, engagement_n)`

/** null: no post at all. */
export type AllRow = { posts: string | null; total: string | null; n: string | null }

/** Everything in the period, whoever wrote it. */
export const sumEverything = (em: EntityManager, ranking: Ranking) =>
  firstRow(em, sql<AllRow>`${sumOfAll(ranking)}`)
