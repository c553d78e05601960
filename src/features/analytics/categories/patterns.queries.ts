import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../database/sql.ts'
import { reported } from '../authors/author.schemas.ts'
import type { Measure } from '../authors/period.ts'
import type { Scope } from '../frame/scope.ts'

type Reported = (typeof reported)[number]

/** `x_n`: how many of the posts tell x. */
export type SlotRow = Record<Reported | `${Reported}_n`, string> & {
  day: number
  hour: number
  posts: string
  total: string
  n: string
  /** Sum over the hours of the squares of what each of them gathered. */
  squares: number
}

const sums = sql.join(
  reported
    .flatMap((name) => [name, `${name}_n`])
    .map((name) => {
      const column = sql.ref(name)
      return sql`sum(${column}) as ${column}`
    }),
)

/** What posts gathered by the hour of the week that they were published in, in the zone's own time. */
export function sumSlots(em: EntityManager, scope: Scope, zone: string, measure: Measure) {
  const told =
    measure === 'engagement'
      ? sql`sum(engagement) as total, sum(engagement_n) as n`
      : sql`sum(views) + sum(engagement) as total, greatest(sum(views_n), sum(engagement_n)) as n`
  const rollups = scope.source
    ? sql`(select *, '' as platform from current_source_rollups
        where source_id = ${scope.source}::bigint) r`
    : sql`current_workspace_rollups r`
  // Who tells what depends on the platform, so it is counted by platform first.
  return rows(
    em,
    sql<SlotRow>`
      with of_platforms as (
        select date_trunc('hour', at at time zone ${zone}) as local, platform,
          sum(posts) as posts, ${sums}, ${told}
        from ${rollups}
        where at >= ${scope.from}::timestamptz and at < ${scope.to}::timestamptz
          and kind <> 'comment' ${platformOf(scope)}
        group by 1, 2),
      hours as (
        select local, sum(posts) as posts, ${sums}, sum(total) as total, sum(n) as n
        from of_platforms group by local)
      select extract(isodow from local)::int as day, extract(hour from local)::int as hour,
        sum(posts) as posts, ${sums}, sum(total) as total, sum(n) as n,
        sum(total::float8 * total::float8) as squares
      from hours group by 1, 2 having sum(posts) > 0`,
  )
}

/** A source has one platform, which its rollups do not repeat. */
const platformOf = ({ platform, source }: Scope) => {
  if (!platform) return sql``
  if (!source) return sql`and r.platform = ${platform}`
  return sql`and exists (select from sources s
    where s.id = ${source}::bigint and s.platform = ${platform})`
}
