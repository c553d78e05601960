import { type EntityManager, IsolationLevel } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../database/sql.ts'

/** Workspaces with changes that are not folded in yet. */
export async function workspacesToFold(em: EntityManager): Promise<string[]> {
  const found = await rows(em, sql<{ workspace_id: string }>`select * from workspaces_to_fold()`)
  return found.map(({ workspace_id: id }) => id)
}

/** Folds the oldest changes into the rollups, in one short transaction. Returns how many. */
export async function foldSome(
  em: EntityManager,
  workspaceId: string,
  most: number,
): Promise<number> {
  const row = await firstRow(
    em,
    sql<{ folded: string }>`select fold_rollups(${workspaceId}::bigint, ${most}) as folded`,
  )
  return Number(row?.folded ?? 0)
}

/**
 * Counts a workspace's rollups anew from its posts while collection goes on: what is committed
 * meanwhile is not in this snapshot and leaves its own changes behind.
 */
export const recount = (em: EntityManager, workspaceId: string): Promise<void> =>
  em.transactional(
    async (inner) =>
      void (await rows(
        inner as EntityManager,
        sql`select recount_rollups(${workspaceId}::bigint)`,
      )),
    { isolationLevel: IsolationLevel.REPEATABLE_READ },
  )

/** Posts' numbers at fixed ages and the sums of streams, anew from the samples that are kept. */
export async function recountSamples(em: EntityManager, workspaceId: string): Promise<void> {
  await rows(
    em,
    sql`select recount_milestones(${workspaceId}::bigint), recount_streams(${workspaceId}::bigint)`,
  )
}

export async function allWorkspaces(em: EntityManager): Promise<string[]> {
  const found = await rows(em, sql<{ id: string }>`select id from workspaces order by id`)
  return found.map(({ id }) => id)
}

/**
 * Changes with whatever analytics answer from: another text is other data. Of posts, numbers and moods
 * exactly (each change is counted once, folded or not), of looks without news by the newest run, of
 * all else as far as whoever changes it says so (`noteDataChange`).
 */
export async function dataVersion(em: EntityManager): Promise<string> {
  const row = await firstRow(
    em,
    sql<{ version: string }>`select concat_ws('.',
      coalesce((select folded from workspace_folds), 0) + (select count(*) from rollup_deltas),
      (select changes from workspace_folds),
      (select id from job_executions order by id desc limit 1)) as version`,
  )
  return row?.version ?? ''
}

/**
 * Says that something changed which no post tells of: what is watched, or the shape of threads. The
 * last step of a transaction, because others of this workspace wait for it.
 */
export async function noteDataChange(em: EntityManager, workspaceId: string): Promise<void> {
  await rows(em, sql`select note_data_change(${workspaceId}::bigint)`)
}
