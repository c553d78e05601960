import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { decodeCursor, encodeCursor } from '../../../core/paging.ts'
import { firstRow, rows, sql } from '../../../database/sql.ts'

export type ExperimentRow = {
  id: string
  created_by: string | null
  name: string
  hypothesis: string
  treatment: unknown
  metric: 'engagement' | 'views'
  age_hours: number
  expected_lift: number | null
  baseline_from: Date
  starts_at: Date
  ends_at: Date
  stopped_at: Date | null
  created_at: Date
}

export const experimentColumns = sql`id, created_by, name, hypothesis, treatment, metric, age_hours,
  expected_lift, baseline_from, starts_at, ends_at, stopped_at, created_at`

export const findExperiment = (em: EntityManager, id: string): Promise<ExperimentRow | null> =>
  firstRow(
    em,
    sql<ExperimentRow>`select ${experimentColumns} from experiments where id = ${id}::bigint`,
  )

const Cursor = z.tuple([z.string().regex(/^\d{1,18}$/)])

/** Newest first. */
export async function findExperiments(
  em: EntityManager,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
) {
  const [before] = cursor ? decodeCursor(cursor, Cursor) : [null]
  const found = await rows(
    em,
    sql<ExperimentRow>`select ${experimentColumns} from experiments
      where (${before}::bigint is null or id < ${before}::bigint)
      order by id desc limit ${limit + 1}`,
  )
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: found.length > limit && last ? encodeCursor([last.id]) : null }
}

/** Which of the named rows are of this workspace. */
export async function findKnownIds(
  em: EntityManager,
  table: 'sources' | 'authors',
  ids: readonly string[],
): Promise<Set<string>> {
  const found = await rows(
    em,
    sql<{ id: string }>`select id from ${sql.table(table)} where id = any (${[...ids]}::bigint[])`,
  )
  return new Set(found.map(({ id }) => id))
}
