/** Every table that holds a workspace's data. Forced, so that not even the owner looks past it. */
const tenantTables = [
  'credential_profiles',
  'budget_windows',
  'sources',
  'source_samples',
  'monitoring_jobs',
  'job_executions',
  'coverage_gaps',
  'outbox',
  'authors',
  'posts',
  'post_tags',
  'post_samples',
  'post_samples_default',
  'stream_changes',
  'sample_schedule',
  'sentiments',
  'unscored_posts',
]

/**
 * Without the setting current_setting(..., true) is null (or '' after a transaction that set it),
 * the comparison is null, and no row is seen.
 */
const inWorkspace = "workspace_id = nullif(current_setting('app.workspace_id', true), '')::bigint"

export const rowLevelSecurity = tenantTables.flatMap((table) => [
  `alter table ${table} enable row level security;`,
  `alter table ${table} force row level security;`,
  `create policy in_workspace on ${table} to earshot_app
     using (${inWorkspace}) with check (${inWorkspace});`,
])
