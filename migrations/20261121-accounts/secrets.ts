/** Sealed here (an envelope under a master key), or kept in an outside store under `secret_ref`. */
export const secretTables = [
  `alter table credential_profiles
     add column secret_store text not null default 'database'
       check (secret_store in ('database', 'aws')),
     add column secret_ref text,
     alter column key_id drop not null,
     alter column wrapped_key drop not null,
     add constraint credential_profiles_secret_place check (
       (secret_store = 'database' and key_id is not null and wrapped_key is not null
         and secret_ref is null)
       or (secret_store <> 'database' and secret_ref is not null and key_id is null
         and wrapped_key is null));`,
  // Which running process holds which master keys: nothing is moved to a key that one of them lacks.
  `create table processes (
    id text primary key,
    name text not null,
    host text not null,
    pid integer not null,
    key_ids text[] not null,
    started_at timestamptz not null,
    seen_at timestamptz not null
  );`,
  // The key that seals what is new: the one chosen last. A start with a new key chooses nothing.
  'alter table master_keys add column chosen_at timestamptz;',
  `update master_keys set chosen_at = created_at where key_id =
     (select key_id from master_keys order by created_at desc, key_id limit 1);`,
  // What may lie in an outside store without a row that needs it: told before it is put there, and
  // whenever a row lets go of it. A worker removes what is due.
  `create table secrets_to_remove (
    store text not null,
    ref text not null,
    due_at timestamptz not null,
    primary key (store, ref)
  );`,
  'create index secrets_to_remove_due_index on secrets_to_remove (due_at);',
  `create function let_go_of_secret() returns trigger language plpgsql
     set search_path = pg_catalog, public as $let_go$
   begin
     insert into secrets_to_remove values
         (old.secret_store, split_part(old.secret_ref, '#', 1), now())
       on conflict (store, ref) do update set due_at = excluded.due_at;
     return null;
   end $let_go$;`,
  // However a row goes: by itself, with its workspace or with its person's account.
  `create trigger let_go_of_deleted after delete on credential_profiles
     for each row when (old.secret_ref is not null) execute function let_go_of_secret();`,
  `create trigger let_go_of_moved after update of secret_ref on credential_profiles
     for each row when (old.secret_ref is not null and new.secret_ref is null)
     execute function let_go_of_secret();`,
]
