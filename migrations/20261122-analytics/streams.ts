import { asSystem, door, underRowLevelSecurity } from '../door.ts'

/**
 * One row a stream with what its samples say, so that a month of streams is a month of rows and not
 * of samples. Written anew from the stream's own samples at each look: right whatever came late.
 */
export const streamTables = [
  `create table stream_sums (
    post_id bigint primary key references posts (id) on delete cascade,
    workspace_id bigint not null references workspaces (id) on delete cascade,
    source_id bigint not null references sources (id) on delete cascade,
    session_id bigint not null,
    published_at timestamptz not null,
    stopped_at timestamptz not null,
    samples integer not null,
    peak bigint,
    average double precision,
    viewer_s double precision not null,
    sampled_s double precision not null
  );`,
  'create index stream_sums_workspace_index on stream_sums (workspace_id, published_at, post_id);',
  'create index stream_sums_source_index on stream_sums (source_id, published_at, post_id);',
  ...underRowLevelSecurity('stream_sums'),
]

/** As everywhere: a stream that comes so soon after another of its source goes on with its session. */
const gap = `interval '15 minutes'`
const sessionBefore = `(
    select b.session_id from (
      select x.session_id, x.stopped_at from stream_sums x
      where x.source_id = p.source_id and (x.published_at, x.post_id) < (p.published_at, p.id)
      order by x.published_at desc, x.post_id desc limit 1) b
    where b.stopped_at >= p.published_at - ${gap})`

/** The sessions of a whole workspace at once: rows of one statement do not see each other. */
const sessionsAnew = `
  update stream_sums s set session_id = found.session_id
  from (
    select post_id, first_value(post_id) over (partition by source_id, number
      order by published_at, post_id) as session_id
    from (
      select post_id, source_id, published_at,
        sum((stopped_before is null or stopped_before < published_at - ${gap})::int)
          over (partition by source_id order by published_at, post_id) as number
      from (
        select post_id, source_id, published_at, lag(stopped_at)
          over (partition by source_id order by published_at, post_id) as stopped_before
        from stream_sums where workspace_id = of_workspace) own) numbered) found
  where s.post_id = found.post_id and s.session_id <> found.session_id;`

/** Each trapezoid lies between two samples of one stream; a single moment alone is its average. */
const sumsOf = (streams: string) => `
  insert into stream_sums (post_id, workspace_id, source_id, session_id, published_at, stopped_at,
    samples, peak, average, viewer_s, sampled_s)
  select p.id, p.workspace_id, p.source_id, coalesce(${sessionBefore}, p.id), p.published_at,
    coalesce(p.ended_at, v.last_at, p.published_at), v.samples, v.peak,
    coalesce(v.viewer_s / nullif(v.sampled_s, 0), v.mean)::float8, v.viewer_s, v.sampled_s
  from posts p cross join lateral (
    select max(x.sampled_at) as last_at, count(x.viewers) as samples, max(x.viewers) as peak,
      avg(x.viewers) as mean,
      coalesce(sum((x.viewers + x.next_viewers) / 2.0 * x.seconds), 0) as viewer_s,
      coalesce(sum(x.seconds) filter (where x.next_viewers is not null), 0) as sampled_s
    from (
      select s.sampled_at, s.viewers, lead(s.viewers) over later as next_viewers,
        extract(epoch from lead(s.sampled_at) over later - s.sampled_at) as seconds
      from post_samples s
      where s.post_id = p.id and s.viewers is not null
        and s.sampled_at >= p.published_at - interval '1 hour'
      window later as (order by s.sampled_at)) x) v
  where p.kind = 'stream' and ${streams}
  on conflict (post_id) do update set published_at = excluded.published_at,
    source_id = excluded.source_id, session_id = excluded.session_id, stopped_at = excluded.stopped_at, samples = excluded.samples,
    peak = excluded.peak, average = excluded.average, viewer_s = excluded.viewer_s,
    sampled_s = excluded.sampled_s;`

const functions = asSystem(
  // Whoever holds the row sees what was committed before: of two lookers the second counts both.
  `create function sum_streams(ids bigint[]) returns void language plpgsql
     set search_path = pg_catalog, public as $sum$
   begin
     perform from stream_sums where post_id = any (ids) order by post_id for update;
     ${sumsOf('p.id = any (ids)')}
   end $sum$;`,
  'revoke all on function sum_streams(bigint[]) from public;',
  `create function sum_sampled_streams() returns trigger language plpgsql security definer
     set search_path = pg_catalog, public as $trigger$
   declare ids bigint[];
   begin
     ids := array(select distinct post_id from new_rows where viewers is not null);
     if cardinality(ids) > 0 then perform sum_streams(ids); end if;
     return null;
   end $trigger$;`,
  `create function sum_changed_stream() returns trigger language plpgsql security definer
     set search_path = pg_catalog, public as $trigger$
   begin perform sum_streams(array[new.id]); return null; end $trigger$;`,
  ...door(
    'recount_streams(of_workspace bigint)',
    'void',
    'sql',
    `${sumsOf('p.workspace_id = of_workspace')} ${sessionsAnew}`,
  ),
)

export const streamMachinery = [
  'revoke insert, update, delete, truncate on stream_sums from earshot_app;',
  'grant select, insert, update on stream_sums to earshot_system;',
  'create policy system on stream_sums to earshot_system using (true) with check (true);',
  ...functions,
  `create trigger sum_streams_sampled after insert on post_samples referencing new table as new_rows
     for each statement execute function sum_sampled_streams();`,
  `create trigger sum_streams_corrected after update on post_samples
     referencing new table as new_rows
     for each statement execute function sum_sampled_streams();`,
  `create trigger sum_stream_new after insert on posts for each row when (new.kind = 'stream')
     execute function sum_changed_stream();`,
  `create trigger sum_stream_changed after update of ended_at, published_at, source_id on posts
     for each row when (new.kind = 'stream'
       and (old.ended_at, old.published_at, old.source_id)
         is distinct from (new.ended_at, new.published_at, new.source_id))
     execute function sum_changed_stream();`,
  // What was collected before there were sums; and triggers are made: nobody has to call theirs.
  ...asSystem(
    'revoke all on function sum_sampled_streams(), sum_changed_stream() from public;',
    'select recount_streams(id) from workspaces;',
  ),
]
