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
]
