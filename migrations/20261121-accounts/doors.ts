import { asSystem, door, underRowLevelSecurity } from '../door.ts'

/** What the new tables need of row-level security, and the questions that look across workspaces. */
export const tenancy = [
  ...underRowLevelSecurity('invitations'),
  'grant select, delete on invitations to earshot_system;',
  'create policy system on invitations to earshot_system using (true);',
  'grant select (secret_store) on credential_profiles to earshot_system;',
  ...asSystem(
    // Who holds an invitation's link is no member yet: this says which workspace to look in.
    ...door(
      'invitation_by_token(hash text)',
      'table (id bigint, workspace_id bigint)',
      'sql',
      'select id, workspace_id from invitations where token_hash = hash',
    ),
    // The sender of its mail knows an invitation by its id alone.
    ...door(
      'invitation_workspace(of_id bigint)',
      'bigint',
      'sql',
      'select workspace_id from invitations where id = of_id',
    ),
    ...door(
      'invited(address text, at timestamptz)',
      'boolean',
      'sql',
      `select exists (select from invitations where email = address
        and accepted_at is null and revoked_at is null and expires_at > at)`,
    ),
    ...door(
      'forget_invitations(address text)',
      'bigint',
      'sql',
      `with forgotten as (delete from invitations where email = address returning 1)
       select count(*) from forgotten`,
    ),
    ...door(
      'profiles_on_key(of_key text, after_id bigint, most integer)',
      'table (id bigint, workspace_id bigint)',
      'sql',
      `select id, workspace_id from credential_profiles
         where key_id = of_key and id > after_id order by id limit most`,
    ),
    ...door(
      'profiles_in_store(of_store text, after_id bigint, most integer)',
      'table (id bigint, workspace_id bigint)',
      'sql',
      `select id, workspace_id from credential_profiles
         where secret_store = of_store and id > after_id order by id limit most`,
    ),
  ),
]
