import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { firstRow, rows, sql } from '../../../../database/sql.ts'
import type { Bucket } from '../../frame/buckets.ts'
import type { TextSample } from '../sample.ts'
import type { MoodScope } from '../texts.ts'
import type { MoodRow } from './moments.ts'
import { bucketOf } from './rollup-moods.queries.ts'

export type SampledGroup = 'tag' | 'category' | 'source'

const billionths = (expression: string) =>
  sql`sum(round((${sql.raw(expression)}) * 1000000000)::bigint)`

const sums = sql`count(*) as texts, count(*) as scored,
  count(*) filter (where mood = 'negative') as negative,
  count(*) filter (where mood = 'neutral') as neutral,
  count(*) filter (where mood = 'positive') as positive,
  ${billionths('compound::numeric')} as compound,
  ${billionths('compound::numeric * compound::numeric')} as compound_sq`

export type SampledRow = MoodRow & { groups: string; read: string }

/** The `most` groups with the most texts of the sample, by bucket; `groups` is how many there are, `read` how many texts. */
export function sumSampledMoods(
  em: EntityManager,
  { select }: TextSample,
  asked: { by: SampledGroup; buckets: readonly Bucket[] | null; most: number },
): Promise<SampledRow[]> {
  const grouped = {
    tag: sql`select t.tag as key, s.* from sample s join post_tags t on t.post_id = s.post_id`,
    category: sql`select s.category as key, s.* from sample s where s.category is not null`,
    source: sql`select s.source_id::text as key, s.* from sample s`,
  }[asked.by]
  return rows(
    em,
    sql<SampledRow>`with sample as materialized (${select}),
      grouped as materialized (${grouped}),
      counted as materialized (select key, count(*) as n from grouped group by key),
      top as (select key from counted order by n desc, key limit ${asked.most})
      select key, ${bucketOf('published_at', asked.buckets)} as bucket, ${sums},
        (select count(*) from counted) as groups, (select count(*) from sample) as read
      from grouped join top using (key) group by 1, 2`,
  )
}

const words = sql`to_tsvector('simple', coalesce(p.title, '') || ' ' || coalesce(p.body, ''))`

/** Of the sample, the texts that hold the words, by bucket. The words are read in each text. */
export const sumTexts = (
  em: EntityManager,
  { select }: TextSample,
  { topic, buckets }: { topic: string; buckets: readonly Bucket[] | null },
): Promise<MoodRow[]> =>
  summed(
    em,
    sql`select s.* from (${select}) s join posts p on p.id = s.post_id
      where ${words} @@ websearch_to_tsquery('simple', ${topic})`,
    topic,
    buckets,
  )

/** All texts of the scope that hold the words, by the text index. */
export function sumMatchingTexts(
  em: EntityManager,
  { platform, source, from, to, texts }: MoodScope,
  { topic, buckets }: { topic: string; buckets: readonly Bucket[] | null },
): Promise<MoodRow[]> {
  const conditions = [
    sql`m.published_at < ${to}::timestamptz`,
    texts === 'all' ? sql`true` : sql`(s.kind = 'comment') = ${texts === 'comments'}`,
    ...(platform ? [sql`s.platform = ${platform}`] : []),
    ...(source ? [sql`s.source_id = ${source}::bigint`] : []),
  ]
  return summed(
    em,
    sql`select s.post_id, s.published_at, s.mood, s.compound
      from matching_posts(${topic}, ${from}::timestamptz, ${to}::timestamptz) m
        join sentiments s on s.post_id = m.post_id
      where ${sql.join(conditions, sql` and `)}`,
    topic,
    buckets,
  )
}

const summed = (
  em: EntityManager,
  texts: RawBuilder<unknown>,
  key: string,
  buckets: readonly Bucket[] | null,
): Promise<MoodRow[]> =>
  rows(
    em,
    sql<MoodRow>`select ${key}::text as key, ${bucketOf('published_at', buckets)} as bucket, ${sums}
      from (${texts}) found group by 1, 2`,
  )

/** How many texts a sample has. */
export async function countSample(em: EntityManager, { select }: TextSample): Promise<number> {
  const row = await firstRow(em, sql<{ read: string }>`select count(*) as read from (${select}) s`)
  return Number(row?.read ?? 0)
}

/** How many of the sample's texts hold the words. */
export async function countTexts(
  em: EntityManager,
  { select }: TextSample,
  topic: string,
): Promise<{ read: number; found: number }> {
  const row = await firstRow(
    em,
    sql<{ read: string; found: string }>`select count(*) as read,
        count(*) filter (where ${words} @@ websearch_to_tsquery('simple', ${topic})) as found
      from (${select}) s join posts p on p.id = s.post_id`,
  )
  return { read: Number(row?.read ?? 0), found: Number(row?.found ?? 0) }
}
