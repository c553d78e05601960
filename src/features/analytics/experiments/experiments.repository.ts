import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, sql } from '../../../database/sql.ts'
import type { ExperimentRow } from './experiments.queries.ts'
import { experimentColumns } from './experiments.queries.ts'
import type { NewExperiment } from './experiments.schemas.ts'

/** A workspace keeps no more than so many. */
export const mostExperiments = 500

type Owner = { workspaceId: string; userId: string; now: Date }
type Dated = NewExperiment & { baselineFrom: string; startsAt: string }

/** null: the workspace has as many as it may have. */
export const insertExperiment = (
  em: EntityManager,
  { workspaceId, userId, now }: Owner,
  input: Dated,
): Promise<ExperimentRow | null> =>
  firstRow(
    em,
    sql<ExperimentRow>`insert into experiments (workspace_id, created_by, name, hypothesis, kind,
        treatment, metric, expected_lift, baseline_from, starts_at, ends_at, created_at)
      select ${workspaceId}::bigint, ${userId}::bigint, ${input.name}, ${input.hypothesis},
        ${input.treatment.kind}, ${JSON.stringify(input.treatment)}::jsonb, ${input.metric},
        ${input.expectedLift ?? null}::float8, ${input.baselineFrom}::timestamptz,
        ${input.startsAt}::timestamptz, ${input.endsAt}::timestamptz, ${now}::timestamptz
      where (select count(*) from experiments) < ${mostExperiments}
      returning ${experimentColumns}`,
  )

export const renameExperiment = (em: EntityManager, id: string, name: string) =>
  firstRow(
    em,
    sql<ExperimentRow>`update experiments set name = ${name} where id = ${id}::bigint
      returning ${experimentColumns}`,
  )

/** Once, and only while it runs or before; null otherwise. */
export const stopExperiment = (em: EntityManager, id: string, now: Date) =>
  firstRow(
    em,
    sql<ExperimentRow>`update experiments set stopped_at = ${now}::timestamptz
      where id = ${id}::bigint and stopped_at is null and ends_at > ${now}::timestamptz
      returning ${experimentColumns}`,
  )

export const removeExperiment = async (em: EntityManager, id: string): Promise<boolean> =>
  (await firstRow(em, sql`delete from experiments where id = ${id}::bigint returning id`)) !== null
