/**
 * The narrow doors: SECURITY DEFINER functions with a fixed search_path, owned by earshot_system,
 * which may read just the columns these questions need. Each answers one question that must look
 * across workspaces, or that needs an index which row-level security would keep it from using.
 */
const door = (signature: string, returns: string, language: string, body: string) => [
  `create function ${signature} returns ${returns} language ${language}
    security definer set search_path = pg_catalog, public as $door$ ${body} $door$;`,
  `revoke all on function ${signature} from public;`,
  `grant execute on function ${signature} to earshot_app;`,
]

const readable: [table: string, columns: string][] = [
  ['credential_profiles', 'id, workspace_id, key_id, state, paused_until, platform'],
  ['monitoring_jobs', 'id, workspace_id, profile_id, next_run_at, is_active'],
  ['sample_schedule', 'post_id, workspace_id, profile_id, due_at'],
  ['unscored_posts', 'post_id, workspace_id'],
  ['posts', 'id, workspace_id, published_at, title, body'],
]

const policies = [...readable.map(([table]) => table), 'outbox'].map(
  (table) => `create policy system on ${table} to earshot_system using (true);`,
)

export const systemDoors = [
  ...readable.map(([table, columns]) => `grant select (${columns}) on ${table} to earshot_system;`),
  // FOR UPDATE wants the right to update, though nothing is.
  'grant select, update, delete on outbox to earshot_system;',
  ...policies,
  'grant create on schema public to earshot_system;',
  'set local role earshot_system;',
  ...door(
    'due_profiles(at timestamptz, most integer)',
    'table (workspace_id bigint, profile_id bigint)',
    'sql',
    // Fresh numbers alone wake a profile only when the oldest is five minutes late, so that one call
    // carries many posts; whatever else wakes it takes along all that is due.
    `select p.workspace_id, p.id from credential_profiles p
      where p.state = 'active' and (p.paused_until is null or p.paused_until <= at)
        and (exists (select from monitoring_jobs j
               where j.profile_id = p.id and j.is_active and j.next_run_at <= at)
          or exists (select from sample_schedule s
               where s.profile_id = p.id and s.due_at <= at - interval '5 minutes'))
      limit most`,
  ),
  ...door(
    'workspaces_with_unscored_posts()',
    'table (workspace_id bigint)',
    'sql',
    // A loose index scan: one probe a workspace, however long the backlog is.
    `with recursive w as (
       (select workspace_id from unscored_posts order by workspace_id limit 1)
       union all
       select (select u.workspace_id from unscored_posts u
         where u.workspace_id > w.workspace_id order by u.workspace_id limit 1)
       from w where w.workspace_id is not null)
     select workspace_id from w where workspace_id is not null`,
  ),
  ...door(
    'take_outbox(most integer)',
    'table (id bigint, workspace_id bigint, topic text, payload jsonb)',
    'sql',
    `delete from outbox o using (
       select id from outbox order by id limit most for update skip locked) taken
     where o.id = taken.id returning o.id, o.workspace_id, o.topic, o.payload`,
  ),
  ...door(
    'credential_key_ids()',
    'table (key_id text, profiles bigint)',
    'sql',
    'select key_id, count(*) from credential_profiles group by key_id',
  ),
  ...door(
    'operations_counts(at timestamptz)',
    'table (active_jobs bigint, late_jobs bigint, unscored_posts bigint, outbox bigint)',
    'sql',
    `select (select count(*) from monitoring_jobs where is_active),
       (select count(*) from monitoring_jobs
         where is_active and next_run_at < at - interval '1 minute'),
       (select count(*) from unscored_posts),
       (select count(*) from outbox)`,
  ),
  ...door(
    'matching_posts(query text, from_at timestamptz, to_at timestamptz)',
    'table (post_id bigint, published_at timestamptz)',
    'plpgsql',
    // EXECUTE plans with the values at hand: a generic plan guesses that any time range is narrow
    // and walks it, parsing every text, where the text index answers at once.
    `begin
       return query execute $query$
         select id, published_at from posts
         where workspace_id = nullif(current_setting('app.workspace_id', true), '')::bigint
           and to_tsvector('simple', coalesce(title, '') || ' ' || coalesce(body, ''))
             @@ websearch_to_tsquery('simple', $1)
           and published_at >= $2 and published_at <= $3 $query$
         using query, coalesce(from_at, '-infinity'), coalesce(to_at, 'infinity');
     end`,
  ),
  'reset role;',
  'revoke create on schema public from earshot_system;',
  // Making a partition takes the table's owner, so this one door is the owner's.
  ...door(
    'ensure_sample_partitions(first_day date, months integer)',
    'void',
    'plpgsql',
    `declare
       month date := date_trunc('month', first_day);
       name text;
     begin
       for i in 0 .. least(months, 24) - 1 loop
         name := 'post_samples_' || to_char(month, 'YYYY_MM');
         if to_regclass('public.' || name) is null then
           execute format('create table public.%I partition of public.post_samples
             for values from (%L) to (%L)', name, month::text || ' 00:00:00+00',
             (month + interval '1 month')::date::text || ' 00:00:00+00');
           execute format('alter table public.%I enable row level security', name);
           execute format('alter table public.%I force row level security', name);
         end if;
         month := month + interval '1 month';
       end loop;
     end`,
  ),
]
