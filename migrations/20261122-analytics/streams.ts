import { asSystem, door, underRowLevelSecurity } from '../door.ts'

/**
 * One row a stream with what its samples say, and one a source and UTC week, so that a year of streams
 * is a year of weeks and not of samples. Written anew from what lies under them: right whatever came
 * late. A session belongs to the week in which its first stream began.
 */
const weekly = `streams, sampled, averages, peak, viewer_s, sampled_s, watched_s, live_s`

export const streamTables = [
  `create table stream_sums (
    post_id bigint primary key references posts (id) on delete cascade,
    workspace_id bigint not null references workspaces (id) on delete cascade,
    source_id bigint not null references sources (id) on delete cascade,
    session_id bigint not null,
    session_at timestamptz not null,
    published_at timestamptz not null,
    stopped_at timestamptz not null,
    samples integer not null,
    peak bigint,
    average double precision,
    viewer_s double precision not null,
    sampled_s double precision not null
  );`,
  'create index stream_sums_workspace_index on stream_sums (workspace_id, session_at);',
  'create index stream_sums_session_index on stream_sums (source_id, session_at);',
  'create index stream_sums_source_index on stream_sums (source_id, published_at, post_id);',
  `create table stream_weeks (
    source_id bigint not null references sources (id) on delete cascade,
    at timestamptz not null,
    workspace_id bigint not null references workspaces (id) on delete cascade,
    streams integer not null,
    sampled integer not null,
    averages double precision not null,
    peak bigint,
    viewer_s double precision not null,
    sampled_s double precision not null,
    watched_s double precision not null,
    live_s double precision not null,
    primary key (source_id, at)
  );`,
  'create index stream_weeks_workspace_index on stream_weeks (workspace_id, at);',
  ...['stream_sums', 'stream_weeks'].flatMap(underRowLevelSecurity),
]

/** As everywhere: a stream that comes so soon after another of its source goes on with its session. */
const gap = `interval '15 minutes'`

/** Each trapezoid lies between two samples of one stream; a single moment alone is its average. */
const sumsOf = (streams: string) => `
  insert into stream_sums (post_id, workspace_id, source_id, session_id, session_at, published_at,
    stopped_at, samples, peak, average, viewer_s, sampled_s)
  select p.id, p.workspace_id, p.source_id, coalesce(b.session_id, p.id),
    coalesce(b.session_at, p.published_at), p.published_at,
    coalesce(p.ended_at, v.last_at, p.published_at), v.samples, v.peak,
    coalesce(v.viewer_s / nullif(v.sampled_s, 0), v.mean)::float8, v.viewer_s, v.sampled_s
  from posts p
    left join lateral (
      select x.session_id, x.session_at, x.stopped_at from stream_sums x
      where x.source_id = p.source_id and (x.published_at, x.post_id) < (p.published_at, p.id)
      order by x.published_at desc, x.post_id desc limit 1) b
      on b.stopped_at >= p.published_at - ${gap}
    cross join lateral (
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
    source_id = excluded.source_id, session_id = excluded.session_id,
    session_at = excluded.session_at, stopped_at = excluded.stopped_at,
    samples = excluded.samples, peak = excluded.peak, average = excluded.average,
    viewer_s = excluded.viewer_s, sampled_s = excluded.sampled_s;`

/** The sessions of a whole workspace at once: rows of one statement do not see each other. */
const sessionsAnew = `
  update stream_sums s set session_id = found.session_id, session_at = found.session_at
  from (
    select post_id, first_value(post_id) over own as session_id,
      first_value(published_at) over own as session_at
    from (
      select post_id, source_id, published_at,
        sum((stopped_before is null or stopped_before < published_at - ${gap})::int)
          over (partition by source_id order by published_at, post_id) as number
      from (
        select post_id, source_id, published_at, lag(stopped_at)
          over (partition by source_id order by published_at, post_id) as stopped_before
        from stream_sums where workspace_id = of_workspace) each_stream) numbered
    window own as (partition by source_id, number order by published_at, post_id)) found
  where s.post_id = found.post_id and s.session_id <> found.session_id;`

/** From rows (source_id, at) that name weeks; what is being deleted gets none. */
const weeksOf = (weeks: string) => `
  insert into stream_weeks (source_id, at, workspace_id, ${weekly})
  select n.source_id, n.at, n.workspace_id, count(*), count(n.average), coalesce(sum(n.average), 0),
    max(n.peak), sum(n.viewer_s), sum(n.sampled_s), coalesce(sum(n.watched_s), 0), sum(n.live_s)
  from (
    select t.source_id, t.at, x.workspace_id, x.session_id, max(x.peak) as peak,
      sum(x.viewer_s) as viewer_s, sum(x.sampled_s) as sampled_s,
      coalesce(sum(x.viewer_s) / nullif(sum(x.sampled_s), 0), avg(x.average)) as average,
      sum(x.average * extract(epoch from x.stopped_at - x.published_at)::float8) as watched_s,
      sum(extract(epoch from x.stopped_at - x.published_at)::float8) as live_s
    from (${weeks}) t join stream_sums x on x.source_id = t.source_id
      and x.session_at >= t.at and x.session_at < t.at + interval '7 days'
    group by t.source_id, t.at, x.workspace_id, x.session_id) n
  where exists (select from workspaces w where w.id = n.workspace_id)
    and exists (select from sources s where s.id = n.source_id)
  group by n.source_id, n.at, n.workspace_id
  on conflict (source_id, at) do update set ${weekly
    .split(', ')
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')};`

const functions = asSystem(
  `create function sum_stream_weeks(of_sources bigint[], weeks timestamptz[]) returns void
     language plpgsql set search_path = pg_catalog, public as $sum$
   begin
     delete from stream_weeks w using unnest(of_sources, weeks) t (source_id, at)
       where w.source_id = t.source_id and w.at = t.at;
     ${weeksOf('select distinct * from unnest(of_sources, weeks) u (source_id, at)')}
   end $sum$;`,
  // Whoever holds the row sees what was committed before: of two lookers the second counts both.
  `create function sum_streams(ids bigint[]) returns void language plpgsql
     set search_path = pg_catalog, public as $sum$
   declare
     old_sources bigint[]; old_weeks timestamptz[]; new_sources bigint[]; new_weeks timestamptz[];
   begin
     perform from stream_sums where post_id = any (ids) order by post_id for update;
     select array_agg(source_id), array_agg(week_of(session_at)) into old_sources, old_weeks
       from stream_sums where post_id = any (ids);
     ${sumsOf('p.id = any (ids)')}
     select array_agg(source_id), array_agg(week_of(session_at)) into new_sources, new_weeks
       from stream_sums where post_id = any (ids);
     perform sum_stream_weeks(old_sources || new_sources, old_weeks || new_weeks);
   end $sum$;`,
  `revoke all on function sum_streams(bigint[]), sum_stream_weeks(bigint[], timestamptz[])
     from public;`,
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
  `create function sum_lost_stream() returns trigger language plpgsql security definer
     set search_path = pg_catalog, public as $trigger$
   begin
     perform sum_stream_weeks(array[old.source_id], array[week_of(old.session_at)]);
     return null;
   end $trigger$;`,
  ...door(
    'recount_streams(of_workspace bigint)',
    'void',
    'sql',
    `${sumsOf('p.workspace_id = of_workspace')} ${sessionsAnew}
     delete from stream_weeks where workspace_id = of_workspace;
     ${weeksOf(`select distinct source_id, week_of(session_at) as at from stream_sums
       where workspace_id = of_workspace`)}`,
  ),
)

export const streamMachinery = [
  'revoke insert, update, delete, truncate on stream_sums, stream_weeks from earshot_app;',
  'grant select, insert, update, delete on stream_sums, stream_weeks to earshot_system;',
  ...['stream_sums', 'stream_weeks'].map(
    (table) => `create policy system on ${table} to earshot_system using (true) with check (true);`,
  ),
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
  `create trigger sum_stream_lost after delete on stream_sums for each row
     execute function sum_lost_stream();`,
  // What was collected before there were sums; and triggers are made: nobody has to call theirs.
  ...asSystem(
    `revoke all on function sum_sampled_streams(), sum_changed_stream(), sum_lost_stream()
       from public;`,
    'select recount_streams(id) from workspaces;',
  ),
]
