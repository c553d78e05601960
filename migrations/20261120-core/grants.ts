/** What the application may do. It may not change master_keys' proofs nor the schema. */
export const grants = [
  'grant select, insert, update, delete on all tables in schema public to earshot_app;',
  'grant usage on all sequences in schema public to earshot_app;',
  'revoke update, delete on master_keys from earshot_app;',
  `alter default privileges in schema public
     grant select, insert, update, delete on tables to earshot_app;`,
  'alter default privileges in schema public grant usage on sequences to earshot_app;',
]
