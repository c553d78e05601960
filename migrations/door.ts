/**
 * A narrow door: a SECURITY DEFINER function with a fixed search_path, owned by whoever makes it (set
 * the role first), that answers one question which must look across workspaces.
 */
export const door = (signature: string, returns: string, language: string, body: string) => [
  `create function ${signature} returns ${returns} language ${language}
    security definer set search_path = pg_catalog, public as $door$ ${body} $door$;`,
  `revoke all on function ${signature} from public;`,
  `grant execute on function ${signature} to earshot_app;`,
]

/** Statements that make functions which earshot_system owns. */
export const asSystem = (...statements: string[]) => [
  'grant create on schema public to earshot_system;',
  'set local role earshot_system;',
  ...statements,
  'reset role;',
  'revoke create on schema public from earshot_system;',
]

const inWorkspace = "workspace_id = nullif(current_setting('app.workspace_id', true), '')::bigint"

/** Forced row-level security by workspace, as every tenant table has it. */
export const underRowLevelSecurity = (table: string) => [
  `alter table ${table} enable row level security;`,
  `alter table ${table} force row level security;`,
  `create policy in_workspace on ${table} to earshot_app
     using (${inWorkspace}) with check (${inWorkspace});`,
]
