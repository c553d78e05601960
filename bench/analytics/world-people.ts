import type pg from 'pg'
import { authors, days, sources, type World } from './world-draws.ts'

const platformOf = (n: string) =>
  `(array['twitter', 'youtube', 'reddit', 'twitch'])[1 + (${n}) % 4]`

/** Sources with their jobs, followers by day and times that were missed; five authors a source. */
export async function addPeople(client: pg.Client, world: World): Promise<void> {
  const { workspaceId, firstId, until } = world
  await client.query(
    `insert into credential_profiles (id, workspace_id, platform, name, key_id, wrapped_key,
       sealed_fields, hints, created_at, updated_at)
     select $2::bigint + n, $1, ${platformOf('n')}, 'bench', (select key_id from master_keys limit 1),
       '\\x00', '{}', '{}', $3, $3 from generate_series(0, 3) n`,
    [workspaceId, firstId, until],
  )
  await client.query(
    `insert into sources (id, workspace_id, profile_id, platform, handle, external_id, title, url,
       followers, statistics_at, created_at, collects_comments)
     select $2::bigint + n, $1, $2 + n % 4, ${platformOf('n')}, 'source' || n, 'source' || n,
       'Source ' || n, 'https://example.org/' || n, exp(8 + 2 * bench_normal(n, 40))::bigint, $3,
       $3::timestamptz - interval '${days} days', n % 4 = 2
     from generate_series(0, ${sources - 1}) n`,
    [workspaceId, firstId, until],
  )
  await client.query(
    `insert into source_samples (source_id, sampled_at, workspace_id, followers)
     select s.id, $2::timestamptz - d * interval '1 day', $1,
       round(s.followers * (1 - d / 1500.0 + bench_normal(s.id * 1000 + d, 50) / 200))
     from sources s, generate_series(0, ${days - 1}) d where s.workspace_id = $1`,
    [workspaceId, until],
  )
  await client.query(
    `insert into authors (id, workspace_id, platform, external_id, handle, display_name, followers,
       updated_at)
     select $2::bigint + n, $1, ${platformOf('n / 5')}, 'author' || n, 'author' || n, 'Author ' || n,
       exp(6 + 2 * bench_normal(n, 60))::bigint, $3 from generate_series(0, ${authors - 1}) n`,
    [workspaceId, firstId, until],
  )
  await addWatch(client, world)
}

async function addWatch(client: pg.Client, { workspaceId, firstId, until }: World): Promise<void> {
  await client.query(
    `insert into monitoring_jobs (id, workspace_id, source_id, profile_id, interval_minutes,
       next_run_at, last_success_at, created_at, updated_at)
     select id, $1, id, profile_id, 60, $2::timestamptz + interval '1 hour', $2,
       $2::timestamptz - interval '${days} days', $2 from sources where workspace_id = $1`,
    [workspaceId, until],
  )
  await client.query(
    `insert into job_executions (id, workspace_id, job_id, scheduled_for, started_at, completed_at,
       status, records_collected)
     select $3::bigint + row_number() over (order by h desc, j.id), $1, j.id, at, at, at, 'success', 3
     from monitoring_jobs j, generate_series(0, 23) h,
       lateral (select $2::timestamptz - h * interval '1 hour' as at) a
     where j.workspace_id = $1`,
    [workspaceId, until, firstId],
  )
  await client.query(
    `insert into coverage_gaps (workspace_id, source_id, from_at, to_at, reason, posts)
     select $1, s.id, from_at, from_at + (1 + 5 * bench_draw(s.id, 80 + g)) * interval '1 hour',
       (array['rate_limited', 'unavailable', 'stopped'])[1 + g % 3],
       (array['unknown', 'possibly_missing', 'recovered'])[1 + (s.id + g) % 3]
     from sources s, generate_series(0, 3) g, lateral (select $2::timestamptz - interval '1 day'
       - bench_draw(s.id, 70 + g) * interval '${days - 2} days' as from_at) a
     where s.workspace_id = $1`,
    [workspaceId, until],
  )
}
