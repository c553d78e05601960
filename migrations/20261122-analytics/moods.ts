import { asSystem } from '../door.ts'

/**
 * What moods are asked by stands beside them, so that the extremes of a period and a fair sample of
 * any number of posts are index ranges. `lot` is drawn by the post's id: 1,024 lots of like posts.
 */
const always = ['published_at', 'source_id', 'platform', 'kind']
const columns = [...always, 'category']
const list = columns.join(', ')

export const moodColumns = [
  `alter table sentiments
     add column published_at timestamptz,
     add column source_id bigint,
     add column platform text,
     add column kind text,
     add column category text,
     add column lot smallint not null
       generated always as ((hashint8(post_id) & 1023)::smallint) stored,
     add column mood text not null
       generated always as (mood_of(negative, neutral, positive)) stored;`,
  `create index sentiments_workspace_compound_index
     on sentiments (workspace_id, compound, post_id) include (${always.join(', ')});`,
  `create index sentiments_workspace_lot_index
     on sentiments (workspace_id, lot, published_at, post_id)
     include (source_id, platform, kind, category, mood, compound);`,
]

export const moodMachinery = [
  `grant update (${list}) on sentiments to earshot_system;`,
  ...asSystem(
    `create function place_mood() returns trigger language plpgsql security definer
       set search_path = pg_catalog, public as $trigger$
     begin
       select p.published_at, p.source_id, p.platform, p.kind, p.category
         into new.published_at, new.source_id, new.platform, new.kind, new.category
         from posts p where p.id = new.post_id and p.workspace_id = new.workspace_id;
       return new;
     end $trigger$;`,
    `create function move_mood() returns trigger language plpgsql security definer
       set search_path = pg_catalog, public as $trigger$
     begin
       update sentiments set published_at = new.published_at, source_id = new.source_id,
         platform = new.platform, kind = new.kind, category = new.category
         where post_id = new.id;
       return null;
     end $trigger$;`,
    // What was scored before moods had a place.
    `update sentiments s set published_at = p.published_at, source_id = p.source_id,
       platform = p.platform, kind = p.kind, category = p.category from posts p where p.id = s.post_id;`,
  ),
  ...always.map((column) => `alter table sentiments alter column ${column} set not null;`),
  `create trigger place_mood before insert on sentiments for each row execute function place_mood();`,
  // Posts hardly ever move; a refresh of numbers pays nothing.
  `create trigger move_mood after update of ${list} on posts for each row
     when ((${columns.map((column) => `old.${column}`).join(', ')})
       is distinct from (${columns.map((column) => `new.${column}`).join(', ')}))
     execute function move_mood();`,
  ...asSystem(
    'revoke all on function place_mood() from public;',
    'revoke all on function move_mood() from public;',
  ),
]
