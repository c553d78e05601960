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
    await recount(ctx.em, workspaceId)
    await recountSamples(ctx.em, workspaceId)
    onWorkspace(index + 1, workspaces.length)
  }
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

/** Every sum of the six rollups, in rows that two countings must share. */
const current = sql`
  select 's' as of, s.source_id::text as one, s.kind as two, s.at::text as three,
    to_jsonb(array_agg(x.value order by x.key)) as sums
  from (select source_id, kind, at, jsonb_object_agg(key, total) as totals from (
      select source_id, kind, at, e.key, sum(e.value::bigint) as total
      from current_source_rollups r,
        jsonb_each_text(to_jsonb(r) - 'workspace_id' - 'source_id' - 'kind' - 'at') e
      group by 1, 2, 3, 4) g group by 1, 2, 3) s, jsonb_each(s.totals) x
  where (s.totals ->> 'posts')::bigint <> 0
  group by 1, 2, 3, 4
  union all
  select 'w', w.platform, w.kind, w.at::text, to_jsonb(array_agg(x.value order by x.key))
  from (select platform, kind, at, jsonb_object_agg(key, total) as totals from (
      select platform, kind, at, e.key, sum(e.value::bigint) as total
      from current_workspace_rollups r,
        jsonb_each_text(to_jsonb(r) - 'workspace_id' - 'platform' - 'kind' - 'at') e
      group by 1, 2, 3, 4) g group by 1, 2, 3) w, jsonb_each(w.totals) x
  where (w.totals ->> 'posts')::bigint <> 0
  group by 1, 2, 3, 4
  union all
  select 'sw', s.source_id::text, s.kind, s.at::text, to_jsonb(array_agg(x.value order by x.key))
  from (select source_id, kind, at, jsonb_object_agg(key, total) as totals from (
      select source_id, kind, at, e.key, sum(e.value::bigint) as total
      from current_source_weeks r,
        jsonb_each_text(to_jsonb(r) - 'workspace_id' - 'source_id' - 'kind' - 'at') e
      group by 1, 2, 3, 4) g group by 1, 2, 3) s, jsonb_each(s.totals) x
  where (s.totals ->> 'posts')::bigint <> 0
  group by 1, 2, 3, 4
  union all
  select 'ww', w.platform, w.kind, w.at::text, to_jsonb(array_agg(x.value order by x.key))
  from (select platform, kind, at, jsonb_object_agg(key, total) as totals from (
      select platform, kind, at, e.key, sum(e.value::bigint) as total
      from current_workspace_weeks r,
        jsonb_each_text(to_jsonb(r) - 'workspace_id' - 'platform' - 'kind' - 'at') e
      group by 1, 2, 3, 4) g group by 1, 2, 3) w, jsonb_each(w.totals) x
  where (w.totals ->> 'posts')::bigint <> 0
  group by 1, 2, 3, 4
  union all
  select 'a', a.author_id::text, concat(a.category, '/', a.kind), a.day::text,
    to_jsonb(array_agg(x.value order by x.key))
  from (select author_id, category, day, kind, jsonb_object_agg(key, total) as totals from (
      select author_id, category, day, kind, e.key, sum(e.value::bigint) as total
      from current_author_rollups r, jsonb_each_text(
        to_jsonb(r) - 'workspace_id' - 'author_id' - 'category' - 'day' - 'kind') e
      group by 1, 2, 3, 4, 5) g group by 1, 2, 3, 4) a, jsonb_each(a.totals) x
  where (a.totals ->> 'posts')::bigint <> 0
  group by 1, 2, 3, 4
  union all
  select 't', t.author_id::text, '', '', to_jsonb(array_agg(x.value order by x.key))
  from (select author_id, jsonb_object_agg(key, total) as totals from (
      select author_id, e.key, sum(e.value::bigint) as total
      from current_author_totals r, jsonb_each_text(
        to_jsonb(r) - 'workspace_id' - 'author_id') e
      group by 1, 2) g group by 1) t, jsonb_each(t.totals) x
  where (t.totals ->> 'posts')::bigint <> 0
  group by 1, 2`
