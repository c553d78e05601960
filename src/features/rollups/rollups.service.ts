import { type EntityManager, IsolationLevel } from '@mikro-orm/postgresql'
import type { Context } from '../../context.ts'
import { forWorkspace } from '../../database/database.ts'
import { rows, sql } from '../../database/sql.ts'
import {
  allWorkspaces,
  foldSome,
  recount,
  recountSamples,
  workspacesToFold,
} from './rollups.repository.ts'

type Needs = Pick<Context, 'em' | 'signal'>

const batch = 5_000

/** Folds what has changed into the rollups, workspace by workspace. Returns how many changes. */
export async function foldRollups({ em, signal }: Needs): Promise<number> {
  let folded = 0
  for (const workspaceId of await workspacesToFold(em)) {
    for (let taken = batch; taken === batch && !signal.aborted; ) {
      taken = await foldSome(em, workspaceId, batch)
      folded += taken
    }
  }
  return folded
}

/** Counts every rollup anew from the posts, and from the samples what is kept of those. Safe while collection goes on. */
export async function rebuildRollups(
  ctx: Needs,
  onWorkspace: (done: number, all: number) => void = () => {},
): Promise<number> {
  const workspaces = await allWorkspaces(ctx.em)
  for (const [index, workspaceId] of workspaces.entries()) {
    onWorkspace(index, workspaces.length)
    await recount(ctx.em, workspaceId)
    await recountSamples(ctx.em, workspaceId)
  }
  onWorkspace(workspaces.length, workspaces.length)
  await foldRollups(ctx)
  return workspaces.length
}

export type RollupCheck = { workspaceId: string; rows: number; differences: number }

/** Compares a workspace's rollups with a recount, in one snapshot that is thrown away afterwards. */
export async function checkRollups(em: EntityManager, workspaceId: string): Promise<RollupCheck> {
  const found: { check?: RollupCheck } = {}
  const undo = new Error('The recount was only for comparing.')
  try {
    await forWorkspace(em, workspaceId).transactional(
      async (inner) => {
        const tx = inner as EntityManager
        await rows(tx, sql`create temporary table kept on commit drop as ${current}`)
        await rows(tx, sql`select recount_rollups(${workspaceId}::bigint)`)
        const [row] = await rows(
          tx,
          sql<{ rows: string; differences: string }>`
            with counted as (${current})
            select (select count(*) from counted) as rows,
              (select count(*) from (
                (select * from kept except all select * from counted)
                union all (select * from counted except all select * from kept)) d) as differences`,
        )
        found.check = {
          workspaceId,
          rows: Number(row?.rows ?? 0),
          differences: Number(row?.differences ?? 0),
        }
        throw undo
      },
      { isolationLevel: IsolationLevel.REPEATABLE_READ },
    )
  } catch (error) {
    if (error !== undo) throw error
  }
  if (!found.check) throw new Error('The rollups were not compared.')
  return found.check
}

/** A rollup's sums by its key, in rows that two countings must share. */
const sumsOf = (view: string, keys: readonly string[]) => {
  const key = sql.join(keys.map((name) => sql.ref(name)))
  const others = sql`${['workspace_id', ...keys]}::text[]`
  return sql`
    select ${view}::text as of, g.key, to_jsonb(array_agg(x.value order by x.key)) as sums
    from (select key, jsonb_object_agg(name, total) as totals from (
        select jsonb_build_array(${key}) as key, e.key as name, sum(e.value::bigint) as total
        from ${sql.table(view)} r, jsonb_each_text(to_jsonb(r) - ${others}) e
        group by 1, 2) t group by key) g, jsonb_each(g.totals) x
    where (g.totals ->> 'posts')::bigint <> 0
    group by g.key`
}

/** Every sum of every rollup. */
const current = sql.join(
  [
    sumsOf('current_source_rollups', ['source_id', 'kind', 'at']),
    sumsOf('current_source_weeks', ['source_id', 'kind', 'at']),
    sumsOf('current_workspace_rollups', ['platform', 'kind', 'at']),
    sumsOf('current_workspace_hours', ['platform', 'kind', 'at']),
    sumsOf('current_workspace_weeks', ['platform', 'kind', 'at']),
    sumsOf('current_author_rollups', ['author_id', 'category', 'day', 'kind']),
    sumsOf('current_author_months', ['author_id', 'category', 'month', 'kind']),
    sumsOf('current_author_totals', ['author_id']),
  ],
  sql` union all `,
)
