import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../database/sql.ts'
import { reported } from '../authors/author.schemas.ts'
import type { Measure } from '../authors/period.ts'
import { hourCuts, stretchesOf } from '../frame/local-time.ts'
import { rollupsOf } from '../frame/rollups-of.queries.ts'
import { localIn } from '../frame/sampled.queries.ts'
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

const told = ['posts', ...reported.flatMap((name) => [name, `${name}_n`])]
const measures = [...new Set([...told, 'views', 'views_n', 'engagement', 'engagement_n'])]

/** As floats, which are several times as fast to add up; whole numbers are exact below 2^53. */
const summed = (names: readonly string[]) =>
  sql.join(names.map((name) => sql`sum(${sql.ref(name)}::float8) as ${sql.ref(name)}`))

/** What posts gathered by the hour of the week that they were published in, in the zone's own time. */
export function sumSlots(em: EntityManager, scope: Scope, zone: string, measure: Measure) {
  const clocks = stretchesOf(zone, Date.parse(scope.from), Date.parse(scope.to))
  const cuts = hourCuts(clocks)
  const platform = scope.source ? sql`'' as platform` : sql`platform`
  const judged =
    measure === 'engagement'
      ? sql`sum(engagement::float8) as total, sum(engagement_n::float8) as n`
      : sql`sum(views::float8) + sum(engagement::float8) as total,
          greatest(sum(views_n::float8), sum(engagement_n::float8)) as n`
  // Who tells what depends on the platform, so it is counted by platform first.
  return rows(
    em,
    sql<SlotRow>`
      with of_platforms as (
        select date_trunc('hour', ${localIn(clocks, 'at')}) as local, ${platform},
          ${summed(told)}, ${judged}
        from ${rollupsOf(scope, measures, cuts)}
        group by 1, 2),
      hours as (
        select local, ${summed([...told, 'total', 'n'])}
        from of_platforms group by local)
      select extract(isodow from local)::int as day, extract(hour from local)::int as hour,
        ${summed([...told, 'total', 'n'])}, sum(total * total) as squares
      from hours group by 1, 2 having sum(posts) > 0`,
  )
}
