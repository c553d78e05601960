/**
 * Roles belong to the whole server, so several databases (tests, staging) share them.
 * earshot_app: the application; owns no table and stands under row-level security.
 * earshot_system: owns the few narrow functions that must look across workspaces (the dispatcher).
 */
const ensureRole = (name: string) => `
do $$ begin
  if not exists (select from pg_roles where rolname = '${name}') then
    create role ${name} nologin nosuperuser nobypassrls nocreatedb nocreaterole;
  end if;
exception when duplicate_object or unique_violation then null;
end $$;`

/**
 * The owner must be able to become a role to give it functions or to open connections as it. Since
 * PostgreSQL 16 whoever creates a role administers it but may not yet become it.
 */
const join = (name: string) => `
do $$ begin
  if current_setting('server_version_num')::int >= 160000 then
    if not pg_has_role(current_user, '${name}', 'set') then
      execute format('grant ${name} to %I with set true, inherit false', current_user);
    end if;
  elsif not pg_has_role(current_user, '${name}', 'member') then
    execute format('grant ${name} to %I', current_user);
  end if;
exception when unique_violation then null;
end $$;`

export const roles = [
  ensureRole('earshot_app'),
  ensureRole('earshot_system'),
  join('earshot_app'),
  join('earshot_system'),
  'revoke create on schema public from public;',
  'grant usage on schema public to earshot_app, earshot_system;',
]
