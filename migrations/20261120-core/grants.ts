/** What the application may do. It may not change master_keys' proofs nor the schema. */
const doors = [
  'due_profiles(timestamptz, integer)',
  'workspaces_with_unscored_posts()',
  'take_outbox(integer)',
  'credential_key_ids()',
  'operations_counts(timestamptz)',
  'matching_posts(text)',
  'ensure_sample_partitions(date, integer)',
]

export const grants = [
  'grant select, insert, update, delete on all tables in schema public to earshot_app;',
  'grant usage on all sequences in schema public to earshot_app;',
  'revoke update, delete on master_keys from earshot_app;',
  `alter default privileges in schema public
     grant select, insert, update, delete on tables to earshot_app;`,
  'alter default privileges in schema public grant usage on sequences to earshot_app;',
  ...doors.map((door) => `grant execute on function ${door} to earshot_app;`),
]
