import type { BenchEnvironment } from './environment.ts'

export type Population = { workspaceId: string; profileIds: string[] }

/** A workspace with profiles that nobody opens, for benches of the scheduler. */
export async function addProfiles(
  { owner, inWorkspace }: BenchEnvironment,
  platform: string,
  count: number,
): Promise<Population> {
  const workspace = await owner.query(
    `insert into workspaces (name, created_at) values ('bench', now()) returning id`,
  )
  const workspaceId = String(workspace.rows[0].id)
  const client = await inWorkspace(workspaceId)
  const { rows } = await client.query(
    `insert into credential_profiles (workspace_id, platform, name, key_id, wrapped_key,
       sealed_fields, hints, created_at, updated_at)
     select $1, $2, 'bench ' || n, (select key_id from master_keys limit 1), '\\x00', '{}', '{}', now(), now()
     from generate_series(1, $3) n returning id`,
    [workspaceId, platform, count],
  )
  return { workspaceId, profileIds: rows.map((row) => String(row.id)) }
}

/** Sources with a job each, spread evenly over the profiles; not due for an hour. */
export async function addJobs(
  { owner, inWorkspace }: BenchEnvironment,
  { workspaceId, profileIds }: Population,
  platform: string,
  count: number,
): Promise<void> {
  const client = await inWorkspace(workspaceId)
  await client.query(
    `with made as (
       insert into sources (workspace_id, profile_id, platform, handle, external_id, url, created_at)
       select $1, ($2::bigint[])[1 + n % $3], $4, 'bench' || n, 'bench' || n, 'https://example.org', now()
       from generate_series(1, $5) n
       on conflict do nothing returning id, profile_id)
     insert into monitoring_jobs (workspace_id, source_id, profile_id, interval_minutes, next_run_at,
       created_at, updated_at)
     select $1, id, profile_id, 60, now() + interval '1 hour', now(), now() from made`,
    [workspaceId, profileIds, profileIds.length, platform, count],
  )
  await owner.query('analyze sources, monitoring_jobs, credential_profiles')
}
