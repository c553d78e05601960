import type { RawBuilder } from 'kysely'
import { sql } from '../../database/sql.ts'

const weekMs = 7 * 86_400_000
/** Monday, 3 January 2000, as week_of in the database. */
const someMonday = Date.UTC(2000, 0, 3)

/** The whole UTC weeks inside [from, to); both ends equal where there is none. */
export function weeksInside(from: string, to: string): { from: string; to: string } {
  const index = (at: string) => (Date.parse(at) - someMonday) / weekMs
  const first = Math.ceil(index(from))
  const last = Math.max(first, Math.floor(index(to)))
  const at = (week: number) => new Date(someMonday + week * weekMs).toISOString()
  const within = first < last
  return { from: within ? at(first) : to, to: within ? at(last) : to }
}

/**
 * The sums of a period, as rows to group: whole weeks in its middle, quarters of an hour at its ends,
 * and what is not folded yet. [from, to) in whole quarters. `of` source: `source_id`, `kind`, `at` and
 * the measures; workspace: `platform`, `kind`, `at` and the measures. `one`: of this source alone, an id or a column of what it is joined to.
 */
export function sumsOfPeriod(
  of: 'source' | 'workspace',
  measures: readonly string[],
  { from, to }: { from: string; to: string },
  one?: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const weeks = weeksInside(from, to)
  const key = of === 'source' ? 'source_id' : 'platform'
  const columns = sql.raw([key, 'kind', 'at', ...measures].join(', '))
  const where = one ? sql`source_id = ${one} and` : sql``
  const piece = (table: string, start: string, end: string) =>
    sql`select ${columns} from ${sql.table(table)}
      where ${where} at >= ${start}::timestamptz and at < ${end}::timestamptz`
  return sql`(${piece(`${of}_rollups`, from, weeks.from)}
    union all ${piece(`${of}_weeks`, weeks.from, weeks.to)}
    union all ${piece(`${of}_rollups`, weeks.to, to)}
    union all ${piece('rollup_deltas', from, to)})`
}
