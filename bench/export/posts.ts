import type { BenchEnvironment } from '../environment.ts'

/** A workspace with this many posts, five seconds apart, the newest now; each scored, some tagged. */
export async function addPosts(
  { owner, inWorkspace }: BenchEnvironment,
  count: number,
): Promise<{ workspaceId: string; secondsApart: number }> {
  const secondsApart = 5
  await dropWhatOnlyIngestNeeds(owner)
  const made = await owner.query(
    `insert into workspaces (name, created_at) values ('bench', now()) returning id`,
  )
  const workspaceId = String(made.rows[0].id)
  const client = await inWorkspace(workspaceId)
  await client.query(
    `with profile as (
       insert into credential_profiles (workspace_id, platform, name, key_id, wrapped_key,
         sealed_fields, hints, created_at, updated_at)
       values ($1, 'twitter', 'bench', (select key_id from master_keys limit 1), '\\x00', '{}', '{}',
         now(), now()) returning id)
     insert into sources (workspace_id, profile_id, platform, handle, external_id, title, url, created_at)
     select $1, profile.id, 'twitter', 'handle' || n, 'ext' || n, 'Title ' || n, 'https://example.org', now()
     from profile, generate_series(1, 100) n`,
    [workspaceId],
  )
  await client.query(
    `insert into posts (workspace_id, source_id, platform, kind, external_id, body, url, lang,
       published_at, fetched_at, views, likes, comments, shares)
     select $1, (select min(id) from sources) + n % 100, 'twitter', 'tweet', n::text,
       'Post ' || n || ', with "quotes" and commas, about as long as people write them here: '
         || md5(n::text) || md5((n + 1)::text),
       'https://example.org/status/' || n, 'en', now() - ($2 - n) * $3 * interval '1 second', now(),
       n, n % 1000, n % 100, n % 10 from generate_series(1, $2) n`,
    [workspaceId, count, secondsApart],
  )
  await client.query(
    `insert into sentiments select id, workspace_id, 'bench', 0.1, 0.2, 0.7, 0.6, now() from posts`,
  )
  await client.query(
    `insert into post_tags select workspace_id, 'tag', published_at, id from posts where id % 5 = 0`,
  )
  for (const table of ['posts', 'sentiments', 'post_tags', 'sources', 'authors']) {
    await owner.query(`vacuum analyze ${table}`)
  }
  return { workspaceId, secondsApart }
}

/** An export reads by one index; the others, and the checks of foreign keys, only slow the filling. */
async function dropWhatOnlyIngestNeeds(owner: BenchEnvironment['owner']): Promise<void> {
  for (const index of ['platform_published', 'author_published', 'source_published', 'text']) {
    const name = index === 'platform_published' ? `workspace_${index}` : index
    await owner.query(`drop index if exists posts_${name}_index`)
  }
  const { rows } = await owner.query<{ statement: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as statement
     from pg_constraint where contype = 'f' and conparentid = 0
       and conrelid in ('posts'::regclass, 'sentiments'::regclass, 'post_tags'::regclass)`,
  )
  for (const { statement } of rows) await owner.query(statement)
}
