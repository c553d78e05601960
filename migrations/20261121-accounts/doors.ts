import { asSystem, door, underRowLevelSecurity } from '../door.ts'

/** What the new tables need of row-level security, and the questions that look across workspaces. */
export const tenancy = [
  ...underRowLevelSecurity('invitations'),
  'grant select (id, workspace_id, token_hash) on invitations to earshot_system;',
  'create policy system on invitations to earshot_system using (true);',
  ...asSystem(
    // Who holds an invitation's link is no member yet: this says which workspace to look in.
    ...door(
      'invitation_by_token(hash text)',
      'table (id bigint, workspace_id bigint)',
      'sql',
      'select id, workspace_id from invitations where token_hash = hash',
    ),
    ...door(
      'profiles_on_key(of_key text, after_id bigint, most integer)',
      'table (id bigint, workspace_id bigint)',
      'sql',
      `select id, workspace_id from credential_profiles
         where key_id = of_key and id > after_id order by id limit most`,
    ),
  ),
]
