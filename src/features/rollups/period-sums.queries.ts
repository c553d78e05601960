import type { RawBuilder } from 'kysely'
import { sql } from '../../database/sql.ts'

const hourMs = 3_600_000
const weekMs = 168 * hourMs
/** Monday, 3 January 2000, as week_of in the database. */
const someMonday = Date.UTC(2000, 0, 3)

/** ISO 8601, UTC: from, and before `to`. */
export type Period = { from: string; to: string }

/** The whole steps inside [from, to); both ends equal where there is none. */
function inside({ from, to }: Period, stepMs: number, originMs: number): Period {
  const index = (at: string) => (Date.parse(at) - originMs) / stepMs
  const first = Math.ceil(index(from))
  const last = Math.max(first, Math.floor(index(to)))
  const at = (step: number) => new Date(originMs + step * stepMs).toISOString()
  return first < last ? { from: at(first), to: at(last) } : { from: to, to }
}

/** The whole UTC weeks inside [from, to); both ends equal where there is none. */
export const weeksInside = (from: string, to: string): Period =>
  inside({ from, to }, weekMs, someMonday)

const piece =
  (table: string, columns: RawBuilder<unknown>, where: RawBuilder<unknown>) =>
  ({ from, to }: Period) =>
    sql`select ${columns} from ${sql.table(table)}
      where ${where} at >= ${from}::timestamptz and at < ${to}::timestamptz`

/**
 * The sums of a period, as rows to group: whole weeks in its middle, hours (of a workspace) and quarters
 * of an hour at its ends, and what is not folded yet. [from, to) in whole quarters. `of` source: `source_id`, `kind`, `at` and
 * the measures; workspace: `platform`, `kind`, `at` and the measures. `one`: of this source alone, an id or a column of what it is joined to.
 */
export function sumsOfPeriod(
  of: 'source' | 'workspace',
  measures: readonly string[],
  { from, to }: Period,
  one?: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const weeks = weeksInside(from, to)
  const key = of === 'source' ? 'source_id' : 'platform'
  const columns = sql.raw([key, 'kind', 'at', ...measures].join(', '))
  const where = one ? sql`source_id = ${one} and` : sql``
  const read = (table: string) => piece(table, columns, where)
  const deltas = read('rollup_deltas')({ from, to })
  if (of === 'source') {
    return sql`(${read('source_rollups')({ from, to: weeks.from })}
      union all ${read('source_weeks')(weeks)}
      union all ${read('source_rollups')({ from: weeks.to, to })} union all ${deltas})`
  }
  const ends = [
    { from, to: weeks.from },
    { from: weeks.to, to },
  ].filter((end) => end.from < end.to)
  const byHours = ends.map((end) => {
    const hours = inside(end, hourMs, 0)
    const quarters = [
      { from: end.from, to: hours.from },
      { from: hours.to, to: end.to },
    ].filter((rest) => rest.from < rest.to)
    return sql.join(
      [read('workspace_hours')(hours), ...quarters.map(read('workspace_rollups'))],
      sql` union all `,
    )
  })
  return sql`(${sql.join([read('workspace_weeks')(weeks), ...byHours, deltas], sql` union all `)})`
}

/**
 * A workspace's sums over a period, fine enough to be cut at `cutsMs`: hours where nothing cuts one,
 * quarters of an hour elsewhere, and what is not folded yet. Rows of `platform`, `kind`, `at` and the
 * measures. Four quarters are one hour: most zones' hours, days and weeks begin on one.
 */
export function seriesOfWorkspace(
  measures: readonly string[],
  { from, to }: Period,
  cutsMs: readonly number[],
): RawBuilder<unknown> {
  const columns = sql.raw(['platform', 'kind', 'at', ...measures].join(', '))
  const read = (table: string) => piece(table, columns, sql``)
  const hours = inside({ from, to }, hourMs, 0)
  const [start, end] = [Date.parse(hours.from), Date.parse(hours.to)]
  const cuts = cutsMs
    .filter((ms) => ms % hourMs !== 0 && ms > start && ms < end)
    .toSorted((one, other) => one - other)
  if (cuts.length > (end - start) / hourMs / 4) {
    // Most hours of a stretch are cut, as in a summer whose clocks are half an hour off.
    const first = Math.floor((cuts[0] ?? start) / hourMs) * hourMs
    const last = Math.ceil((cuts.at(-1) ?? end) / hourMs) * hourMs
    const [fine, coarse] = [read('workspace_rollups'), read('workspace_hours')]
    const [stretch, done] = [new Date(first).toISOString(), new Date(last).toISOString()]
    return sql`(${fine({ from, to: hours.from })}
      union all ${coarse({ from: hours.from, to: stretch })}
      union all ${fine({ from: stretch, to: done })}
      union all ${coarse({ from: done, to: hours.to })}
      union all ${fine({ from: hours.to, to })}
      union all ${read('rollup_deltas')({ from, to })})`
  }
  const cut = [...new Set(cuts.map((ms) => Math.floor(ms / hourMs) * hourMs))]
  const moments = (list: number[]) =>
    sql`${list.map((ms) => new Date(ms).toISOString())}::timestamptz[]`
  const quarters = cut.flatMap((ms) => [0, 1, 2, 3].map((n) => ms + (n * hourMs) / 4))
  const whole = cut.length === 0 ? sql`` : sql`and at <> all (${moments(cut)})`
  const pieces =
    cut.length === 0
      ? sql``
      : sql`union all select ${columns} from workspace_rollups where at = any (${moments(quarters)})`
  return sql`(${read('workspace_rollups')({ from, to: hours.from })}
    union all ${read('workspace_hours')(hours)} ${whole} ${pieces}
    union all ${read('workspace_rollups')({ from: hours.to, to })}
    union all ${read('rollup_deltas')({ from, to })})`
}

/**
 * Authors' sums over whole UTC days, both named ones within: whole calendar months in the middle, days
 * at the ends, and what is not folded yet. Rows of `author_id`, `category`, `kind` and the measures.
 */
export function authorsOfPeriod(
  measures: readonly string[],
  firstDay: string,
  lastDay: string,
): RawBuilder<unknown> {
  const names = measures.join(', ')
  const columns = sql.raw(`author_id, category, kind, ${names}`)
  const end = dayAfter(lastDay)
  const months = monthsInside(firstDay, end)
  const read = (table: string, column: string, from: string, to: string) =>
    sql`select ${columns} from ${sql.table(table)}
      where ${sql.ref(column)} >= ${from}::date and ${sql.ref(column)} < ${to}::date`
  return sql`(${read('author_rollups', 'day', firstDay, months.from)}
    union all ${read('author_months', 'month', months.from, months.to)}
    union all ${read('author_rollups', 'day', months.to, end)}
    union all select author_id, coalesce(category, ''), kind, ${sql.raw(names)} from rollup_deltas
      where author_id is not null and at >= (${firstDay}::date)::timestamp at time zone 'UTC'
        and at < (${end}::date)::timestamp at time zone 'UTC')`
}

const dayMs = 24 * hourMs
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
const dayAfter = (day: string) => dayOf(Date.parse(day) + dayMs)

/** The whole calendar months of the days from `first` to before `end`; both ends equal: none. */
function monthsInside(first: string, end: string): Period {
  const startOf = (day: string, more: number) => {
    const at = new Date(day)
    return dayOf(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + more, 1))
  }
  const from = first.endsWith('-01') ? first : startOf(first, 1)
  const to = startOf(end, 0)
  return from < to ? { from, to } : { from: end, to: end }
}
