import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely'
import type pg from 'pg'
import { sumsOf } from '../../src/features/analytics/engagement/sums.queries.ts'
import type { Named } from './endpoints.ts'

/** Writes statements and runs none. */
const compiler = new Kysely({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

/** A question of the API, and the same answer by the plain SQL that one would write over raw rows. */
export type Compared = { name: string; question: string; sql: string; values: unknown[] }

const own = `workspace_id = nullif(current_setting('app.workspace_id'), '')::bigint`

export function comparedQuestions(until: string, named: Named): Compared[] {
  const of30 = `published_at >= $1::timestamptz - interval '30 days' and published_at < $1`
  const of365 = of30.replace('30 days', '365 days')
  return [
    {
      name: 'engagement totals of 365 days',
      question: '/api/analytics/engagement?days=365',
      sql: `select platform, kind, count(*), sum(views), sum(likes), sum(comments), sum(shares),
          sum(engagement), avg(engagement::float8 / nullif(views, 0)),
          avg(engagement::float8 / nullif(audience, 0)), avg(likes::float8 / nullif(views, 0))
        from posts where ${own} and kind <> 'comment' and ${of365} group by 1, 2`,
      values: [until],
    },
    {
      name: 'trend by day of 365 days',
      question: '/api/analytics/trends?days=365&zone=Europe/Berlin',
      sql: `select date_trunc('day', published_at at time zone 'Europe/Berlin'), count(*),
          sum(engagement) from posts where ${own} and kind <> 'comment' and ${of365} group by 1`,
      values: [until],
    },
    {
      name: 'top content of 365 days',
      question: '/api/analytics/engagement/top?days=365',
      sql: `select p.id, p.title, s.handle from posts p
          join sources s on s.id = p.source_id
        where p.${own} and p.kind <> 'comment' and p.${of365.replace(' and ', ' and p.')}
        order by coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0)
          + coalesce(greatest(score, 0), 0) desc limit 10`,
      values: [until],
    },
    {
      name: 'trending tags of 7 days',
      question: '/api/hashtags/trending?window_minutes=10080',
      sql: `select tag, count(*) from post_tags where ${own}
          and published_at >= $1::timestamptz - interval '7 days' and published_at < $1
        group by 1 order by 2 desc, 1 limit 10`,
      values: [until],
    },
    {
      name: 'top categories of 30 days',
      question: '/api/analytics/categories/top?days=30',
      sql: `with a as (select category, author_id, count(*) as posts, sum(engagement) as total
            from posts where ${own} and kind <> 'comment' and ${of30} group by 1, 2)
        select category, count(*), sum(posts), sum(total),
          percentile_cont(0.5) within group (order by total) from a group by 1 order by 4 desc`,
      values: [until],
    },
    {
      name: 'posting times of 90 days',
      question: '/api/analytics/posting-times?days=90',
      sql: `select p.author_id, p.kind, date_trunc('month', p.published_at),
          extract(isodow from p.published_at at time zone 'Europe/Berlin'),
          extract(hour from p.published_at at time zone 'Europe/Berlin'), count(*), sum(ln(1 + y)),
          sum(ln(1 + y) ^ 2)
        from posts p cross join lateral (select engagement_of(p.platform, likes, comments, shares,
            score)::float8 as y from post_samples s where s.post_id = p.id
            and s.sampled_at between p.published_at + interval '18 hours'
              and p.published_at + interval '32 hours'
          order by abs(extract(epoch from s.sampled_at - p.published_at) - 86400) limit 1) s
        where p.${own} and p.published_at >= $1::timestamptz - interval '90 days'
          and p.published_at < $1 and p.kind <> 'comment' group by 1, 2, 3, 4, 5`,
      values: [until],
    },
    {
      name: "one author's 30 days",
      question: `/api/analytics/authors/${named.author}/trends`,
      sql: `select published_at::date, count(*), sum(views), sum(engagement) from posts
        where ${own} and author_id = $2 and kind <> 'comment' and ${of30} group by 1`,
      values: [until, named.author],
    },
  ]
}

/** Milliseconds of so many runs, one after the other, in the workspace's session. */
export async function timeSql(
  client: pg.Client,
  { sql, values }: Pick<Compared, 'sql' | 'values'>,
  runs: number,
): Promise<number[]> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const started = performance.now()
    await client.query(sql, values)
    times.push(performance.now() - started)
  }
  return times
}

type Read = { days: number; until: string; source?: string }

/**
 * What the database itself needs for the sums of a period, planning included, as EXPLAIN ANALYZE says
 * of the statement that the product asks.
 */
export async function rollupReadMs(client: pg.Client, { days, until, source }: Read) {
  const quarterMs = 15 * 60_000
  const to = Math.floor(Date.parse(until) / quarterMs) * quarterMs
  const at = (ms: number) => new Date(ms).toISOString()
  const scope = { from: at(to - days * 86_400_000), to: at(to), ...(source && { source }) }
  const { sql, parameters } = sumsOf(scope).compile(compiler)
  const times: number[] = []
  for (let run = 0; run < 15; run++) {
    const { rows } = await client.query(`explain (analyze, timing off, format json) ${sql}`, [
      ...parameters,
    ])
    const [plan] = rows[0]['QUERY PLAN']
    times.push(plan['Planning Time'] + plan['Execution Time'])
  }
  return times
}
