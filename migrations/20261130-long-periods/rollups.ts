import { changes, measures } from '../20261122-analytics/measures.ts'
import { append, postKey } from '../20261122-analytics/rollups.ts'
import { asSystem, underRowLevelSecurity } from '../door.ts'

/**
 * Two more rollups, for what long periods are asked: a year of a workspace by the hour (a fourth of
 * its quarters), and authors by calendar month. Rankings of authors read a narrow index alone: the
 * rows under it hold much that no ranking asks for.
 */
const ranked = measures.filter((name) =>
  /^(posts|(views|likes|comments|shares|score|engagement)(_n)?)$/.test(name),
)
const rankedList = ranked.join(', ')
const columnsOf = (names: readonly string[]) =>
  names.map((name) => `${name} bigint not null default 0`).join(', ')
const sumsOf = (names: readonly string[]) => names.map((name) => `sum(${name})::bigint`).join(', ')

const tables = [
  `create function hour_of(at timestamptz) returns timestamptz language sql immutable parallel safe
     as $$ select date_bin('1 hour', at, timestamptz '2000-01-01 00:00:00+00') $$;`,
  `create table workspace_hours (
    workspace_id bigint not null references workspaces (id) on delete cascade,
    platform text not null,
    kind text not null,
    at timestamptz not null, ${columnsOf(measures)},
    primary key (workspace_id, at, platform, kind)
  );`,
  `create table author_months (
    workspace_id bigint not null references workspaces (id) on delete cascade,
    author_id bigint not null references authors (id) on delete cascade,
    category text not null,
    month date not null,
    kind text not null, ${columnsOf(ranked)},
    primary key (workspace_id, author_id, category, month, kind)
  );`,
  `create index author_months_ranking_index on author_months (workspace_id, month)
     include (author_id, category, kind, ${rankedList});`,
  // Streams of many short stretches of time: without it each stretch would be held against all of them.
  `create index stream_sums_published_index on stream_sums (workspace_id, published_at)
     include (post_id, average);`,
  // The moods of one source, without a look at its posts.
  `create index sentiments_source_index on sentiments (source_id, published_at)
     include (post_id, kind, category, mood, compound);`,
  'create index author_months_author_index on author_months (author_id);',
  `create index author_rollups_ranking_index on author_rollups (workspace_id, day)
     include (author_id, category, kind, ${rankedList});`,
  ...['workspace_hours', 'author_months'].flatMap(underRowLevelSecurity),
  'revoke insert, update, delete, truncate on workspace_hours, author_months from earshot_app;',
  'grant select, insert, update, delete on workspace_hours, author_months to earshot_system;',
  ...['workspace_hours', 'author_months'].map(
    (table) => `create policy system on ${table} to earshot_system using (true) with check (true);`,
  ),
]

type Rollup = {
  table: string
  /** Its own key, and the same of a row `t` of rollup_deltas. */
  key: [string, string]
  conflict?: string
  where?: string
  names?: readonly string[]
}

const source = 'exists (select from sources s where s.id = t.source_id for key share)'
const author = 'exists (select from authors a where a.id = t.author_id for key share)'
const dayOf = "(t.at at time zone 'UTC')::date"
const ofAuthor = "t.workspace_id, t.author_id, coalesce(t.category, '')"

/** Everything that a change is folded into. */
const rollups: Rollup[] = [
  {
    table: 'source_rollups',
    key: ['workspace_id, source_id, kind, at', 't.workspace_id, t.source_id, t.kind, t.at'],
    conflict: 'source_id, at, kind',
    where: source,
  },
  {
    table: 'workspace_rollups',
    key: ['workspace_id, platform, kind, at', 't.workspace_id, t.platform, t.kind, t.at'],
  },
  {
    table: 'workspace_hours',
    key: ['workspace_id, platform, kind, at', 't.workspace_id, t.platform, t.kind, hour_of(t.at)'],
  },
  {
    table: 'source_weeks',
    key: [
      'workspace_id, source_id, kind, at',
      't.workspace_id, t.source_id, t.kind, week_of(t.at)',
    ],
    conflict: 'source_id, at, kind',
    where: source,
  },
  {
    table: 'workspace_weeks',
    key: ['workspace_id, platform, kind, at', 't.workspace_id, t.platform, t.kind, week_of(t.at)'],
  },
  {
    table: 'author_rollups',
    key: ['workspace_id, author_id, category, day, kind', `${ofAuthor}, ${dayOf}, t.kind`],
    where: author,
  },
  {
    table: 'author_months',
    key: [
      'workspace_id, author_id, category, month, kind',
      `${ofAuthor}, date_trunc('month', t.at, 'UTC')::date, t.kind`,
    ],
    where: author,
    names: ranked,
  },
  {
    table: 'author_totals',
    key: ['workspace_id, author_id', 't.workspace_id, t.author_id'],
    where: `t.kind <> 'comment' and ${author}`,
  },
]

const folded = ({ table, key: [own, theirs], conflict = own, where = 'true', names }: Rollup) => {
  const summed = names ?? measures
  return `${table}_folded as (
    insert into ${table} (${own}, ${summed.join(', ')}) select ${theirs}, ${sumsOf(summed)}
    from taken t where ${where} group by ${theirs} on conflict (${conflict}) do update set
      ${summed.map((name) => `${name} = ${table}.${name} + excluded.${name}`).join(', ')})`
}

const searchPath = 'security definer set search_path = pg_catalog, public, pg_temp'

const machinery = asSystem(
  `create or replace function fold_rollups(of_workspace bigint, most integer) returns bigint
    language plpgsql ${searchPath} as $door$
    declare done bigint;
    begin
      -- One at a time a workspace; whoever comes meanwhile finds nothing to do.
      if not pg_try_advisory_xact_lock(hashtextextended('earshot.fold', of_workspace)) then
        return 0;
      end if;
      with taken as (
        delete from rollup_deltas d using (
          select id from rollup_deltas where workspace_id = of_workspace order by id limit most) x
        where d.id = x.id returning d.*
      ), ${rollups.map(folded).join(', ')}
      select count(*) into done from taken;
      insert into workspace_folds as f values (of_workspace, done)
        on conflict (workspace_id) do update set folded = f.folded + excluded.folded
        where excluded.folded > 0;
      return done;
    end $door$;`,
  `create or replace function recount_rollups(of_workspace bigint) returns bigint
    language plpgsql ${searchPath} as $door$
    -- In one repeatable-read transaction of the caller: what is committed later leaves its deltas
    -- behind, exactly those that this snapshot does not see.
    declare
      counted bigint;
      dropped bigint;
    begin
      if current_setting('transaction_isolation') <> 'repeatable read' then
        raise exception 'recount_rollups wants a repeatable-read transaction';
      end if;
      perform pg_advisory_xact_lock(hashtextextended('earshot.fold', of_workspace));
      delete from rollup_deltas where workspace_id = of_workspace;
      get diagnostics dropped = row_count;
      insert into workspace_folds as f values (of_workspace, dropped)
        on conflict (workspace_id) do update set folded = f.folded + excluded.folded;
      ${rollups.map(({ table }) => `delete from ${table} where workspace_id = of_workspace;`).join('\n      ')}
      ${append(`select ${postKey('p')}, ${changes('p', 's', 1)} from posts p
        left join sentiments s on s.post_id = p.id where p.workspace_id = of_workspace`)}
      get diagnostics counted = row_count;
      return counted;
    end $door$;`,
  // What is there already: sums of sums.
  `insert into workspace_hours (workspace_id, platform, kind, at, ${measures.join(', ')})
    select workspace_id, platform, kind, hour_of(at), ${sumsOf(measures)}
    from workspace_rollups group by 1, 2, 3, 4;`,
  `insert into author_months (workspace_id, author_id, category, month, kind, ${rankedList})
    select workspace_id, author_id, category, date_trunc('month', day)::date, kind, ${sumsOf(ranked)}
    from author_rollups group by 1, 2, 3, 4, 5;`,
)

/** What is folded and what is not yet, as one. */
const views = [
  `create view current_workspace_hours with (security_invoker = true) as
     select workspace_id, platform, kind, at, ${measures.join(', ')} from workspace_hours
     union all select workspace_id, platform, kind, hour_of(at), ${measures.join(', ')}
     from rollup_deltas;`,
  `create view current_author_months with (security_invoker = true) as
     select workspace_id, author_id, category, month, kind, ${rankedList} from author_months
     union all select workspace_id, author_id, coalesce(category, ''),
       date_trunc('month', at, 'UTC')::date, kind, ${rankedList} from rollup_deltas
     where author_id is not null;`,
]

export const longPeriods = [...tables, ...machinery, ...views]
