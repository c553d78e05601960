import { asSystem, door } from '../door.ts'

const noted = (samples: string, which: string) => `
  insert into post_milestones as m (post_id, age_hours, workspace_id, source_id, platform, kind,
    published_at, age_s, sampled_at, views, likes, comments, shares, score, viewers, engagement)
  select distinct on (p.id, a.hours) p.id, a.hours, p.workspace_id, p.source_id, p.platform, p.kind,
    p.published_at,
    extract(epoch from n.sampled_at - p.published_at)::int, n.sampled_at, n.views, n.likes,
    n.comments, n.shares, n.score, n.viewers,
    engagement_of(p.platform, n.likes, n.comments, n.shares, n.score)
  from ${samples} n join posts p on p.id = n.post_id
    join (values (1::smallint, 2700, 5400), (6::smallint, 16200, 28800),
      (24::smallint, 64800, 115200), (168::smallint, 518400, 777600)) a (hours, least, most)
      on extract(epoch from n.sampled_at - p.published_at) between a.least and a.most
  where p.kind <> 'comment' and ${which}
  order by p.id, a.hours,
    abs(ln(extract(epoch from n.sampled_at - p.published_at) / (3600.0 * a.hours)))
  on conflict (post_id, age_hours) do update set age_s = excluded.age_s,
    sampled_at = excluded.sampled_at, views = excluded.views, likes = excluded.likes,
    comments = excluded.comments, shares = excluded.shares, score = excluded.score,
    viewers = excluded.viewers, engagement = excluded.engagement
  where abs(ln(excluded.age_s / (3600.0 * m.age_hours)))
    <= abs(ln(m.age_s / (3600.0 * m.age_hours)));`

/**
 * A post's numbers near a fixed age, as samples bring them: the sample that is nearest (by ratio of
 * ages) wins, and none that is farther off than `reach`. Comments have no age to be compared at.
 */
export const milestones = [
  'grant select, insert, update on post_milestones to earshot_system;',
  'create policy system on post_milestones to earshot_system using (true) with check (true);',
  'grant select on post_samples to earshot_system;',
  'create policy system on post_samples to earshot_system using (true) with check (true);',
  ...asSystem(
    `create function note_milestones() returns trigger language plpgsql security definer
       set search_path = pg_catalog, public as $trigger$
     begin
       ${noted('new_rows', 'true')}
       return null;
     end $trigger$;`,
  ),
  `create trigger note_milestones_new after insert on post_samples referencing new table as new_rows
     for each statement execute function note_milestones();`,
  `create trigger note_milestones_changed after update on post_samples
     referencing new table as new_rows
     for each statement execute function note_milestones();`,
  ...asSystem('revoke all on function note_milestones() from public;'),
  ...asSystem(
    ...door(
      'recount_milestones(of_workspace bigint)',
      'void',
      'sql',
      // What was collected before there were any, and what was loaded around the triggers.
      noted('post_samples', 'p.workspace_id = of_workspace and n.workspace_id = of_workspace'),
    ),
    'select recount_milestones(id) from workspaces;',
  ),
]
