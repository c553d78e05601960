import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { rows, sql } from '../../database/sql.ts'
import { sentimentLabel } from './post-columns.queries.ts'
import type { PostFilter } from './posts.schemas.ts'

export type PostCursor = readonly [publishedAt: string, id: string]

/** A filter with its names resolved: what SQL compares. */
export type Selection = Omit<PostFilter, 'author' | 'cursor' | 'limit'> & {
  authorIds: string[] | null
  after: PostCursor | null
}

type Piece = RawBuilder<unknown>

/** Where posts are read from, newest first, by an index: `at` and `id` are that index's columns. */
type Driver = { from: Piece; at: Piece; id: Piece }

const words = sql`to_tsvector('simple', coalesce(p.title, '') || ' ' || coalesce(p.body, ''))`
export const hasWords = (text: string) => sql`${words} @@ websearch_to_tsquery('simple', ${text})`

const plain: Driver = { from: sql`posts p`, at: sql`p.published_at`, id: sql`p.id` }
const tagged: Driver = {
  from: sql`post_tags t join posts p on p.id = t.post_id`,
  at: sql`t.published_at`,
  id: sql`t.post_id`,
}

/** The text index, through its door; the posts themselves are looked up only as far as needed. */
const matching = ({ text = '', from, to, after, tag }: Selection): Driver => {
  const join = tag ? sql`join post_tags t on t.post_id = p.id` : sql``
  const until = after?.[0] ?? to ?? null
  return {
    from: sql`matching_posts(${text}, ${from ?? null}::timestamptz, ${until}::timestamptz) w
      join posts p on p.id = w.post_id ${join}`,
    at: sql`w.published_at`,
    id: sql`w.post_id`,
  }
}

function conditionsOf(chosen: Selection, { at, id }: Driver): Piece[] {
  const { after, authorIds } = chosen
  const [author, ...more] = authorIds ?? []
  const wanted: [unknown, () => Piece][] = [
    [chosen.platform, () => sql`p.platform = ${chosen.platform}`],
    [chosen.kind, () => sql`p.kind = ${chosen.kind}`],
    [chosen.source, () => sql`p.source_id = ${chosen.source}::bigint`],
    [chosen.tag, () => sql`t.tag = ${chosen.tag}`],
    [author && more.length === 0, () => sql`p.author_id = ${author}::bigint`],
    [more.length > 0, () => sql`p.author_id = any (${authorIds}::bigint[])`],
    [chosen.sentiment, () => sql`${sql.raw(sentimentLabel)} = ${chosen.sentiment}`],
    [chosen.minCompound !== undefined, () => sql`m.compound >= ${chosen.minCompound}::real`],
    [chosen.maxCompound !== undefined, () => sql`m.compound <= ${chosen.maxCompound}::real`],
    [chosen.promoted === 'true', () => sql`p.promoted`],
    [chosen.promoted === 'false', () => sql`not p.promoted`],
    [chosen.from, () => sql`${at} >= ${chosen.from}::timestamptz`],
    [chosen.to, () => sql`${at} < ${chosen.to}::timestamptz`],
    [after, () => sql`(${at}, ${id}) < (${after?.[0]}::timestamptz, ${after?.[1]}::bigint)`],
  ]
  return wanted.flatMap(([given, condition]) => (given ? [condition()] : []))
}

const needsScore = ({ sentiment, minCompound, maxCompound }: Selection) =>
  sentiment !== undefined || minCompound !== undefined || maxCompound !== undefined

const select = (chosen: Selection, driver: Driver, limit: number): Piece => {
  const scores = needsScore(chosen) ? sql`join sentiments m on m.post_id = p.id` : sql``
  const conditions = conditionsOf(chosen, driver)
  const where = conditions.length > 0 ? sql`where ${sql.join(conditions, sql` and `)}` : sql``
  return sql`select p.* from ${driver.from} ${scores} ${where}
    order by ${driver.at} desc, ${driver.id} desc limit ${limit}`
}

/** The newest posts of a selection without its text, by the index that fits. */
export const newestOf = (chosen: Selection, limit: number): Piece =>
  select(chosen, chosen.tag ? tagged : plain, limit)

/** The same with its text, by the text index. */
export const newestMatching = (chosen: Selection, limit: number): Piece =>
  select(chosen, matching(chosen), limit)

/** The authors that a name can mean: an id, or a handle on any platform. */
export async function findAuthorIds(em: EntityManager, author: string): Promise<string[]> {
  const handle = author.replace(/^(@|\/?u\/)/i, '')
  const id = /^[1-9]\d{0,17}$/.test(author) ? author : null
  const found = await rows<{ id: string }>(
    em,
    sql`select id from authors where handle_key = lower(${handle})
      union select id from authors where id = ${id}::bigint`,
  )
  return found.map((row) => row.id)
}
