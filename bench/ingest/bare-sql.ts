import type pg from 'pg'

const batch = 1_000

const columns = {
  authors: 'platform, external_id, handle, display_name, followers, updated_at',
  posts: `platform, kind, external_id, title, body, url, lang, mentions, reply_to, category,
    published_at, fetched_at, extra, views, likes, comments, shares, score, upvote_ratio, viewers`,
}

const ofInput = (names: string) => names.replaceAll(/[a-z_]+/g, (column) => `i.${column}`)

/** What one run of the product wrote, read back into memory as JSON by batches of 1,000 rows. */
export type RowBatches = { authors: string[]; posts: string[] }

export async function readRows(client: pg.Client): Promise<RowBatches> {
  const read = async (sql: string) => {
    const { rows } = await client.query(sql)
    const batches: string[] = []
    for (let at = 0; at < rows.length; at += batch) {
      batches.push(
        `[${rows
          .slice(at, at + batch)
          .map((row) => row.row)
          .join(',')}]`,
      )
    }
    return batches
  }
  return {
    authors: await read('select to_json(a)::text as row from authors a'),
    posts: await read(
      `select (to_jsonb(p) || jsonb_build_object('author', a.external_id, 'source', s.external_id,
         'tags', (select coalesce(array_agg(tag), '{}') from post_tags t where t.post_id = p.id)))::text as row
       from posts p join sources s on s.id = p.source_id left join authors a on a.id = p.author_id`,
    ),
  }
}

/**
 * The same rows, into the same tables with the same indexes, by nothing but batched SQL: what the
 * database alone takes. One transaction a batch.
 */
export async function insertRows(client: pg.Client, workspaceId: string, rows: RowBatches) {
  for (const authors of rows.authors) {
    await client.query(
      `insert into authors (workspace_id, ${columns.authors})
       select $1, ${columns.authors} from json_populate_recordset(null::authors, $2::json)`,
      [workspaceId, authors],
    )
  }
  for (const posts of rows.posts) await insertPosts(client, workspaceId, posts)
}

const insertPosts = async (client: pg.Client, workspaceId: string, posts: string) => {
  await client.query('begin')
  const { rows } = await client.query(
    `with i as (select * from json_to_recordset($2::json) as x(platform text, kind text,
         external_id text, title text, body text, url text, lang text, mentions text[],
         reply_to text, category text, published_at timestamptz, fetched_at timestamptz,
         extra jsonb, views bigint, likes bigint, comments bigint, shares bigint, score bigint,
         upvote_ratio real, viewers bigint, author text, source text))
     insert into posts (workspace_id, source_id, author_id, ${columns.posts})
     select $1, s.id, a.id, ${ofInput(columns.posts)}
     from i join sources s on s.workspace_id = $1 and s.platform = i.platform and s.external_id = i.source
     left join authors a on a.workspace_id = $1 and a.platform = i.platform and a.external_id = i.author
     returning id, source_id, published_at`,
    [workspaceId, posts],
  )
  const ids = rows.map((row) => row.id)
  await client.query(
    `insert into post_tags (workspace_id, tag, published_at, post_id)
     select distinct $1::bigint, tag, p.published_at, p.id
     from json_to_recordset($2::json) as x(external_id text, source text, tags text[])
     join sources s on s.workspace_id = $1 and s.external_id = x.source
     join posts p on p.source_id = s.id and p.external_id = x.external_id, unnest(x.tags) tag`,
    [workspaceId, posts],
  )
  await client.query(
    `insert into post_samples (workspace_id, post_id, sampled_at, views, likes, comments, shares,
       score, upvote_ratio, viewers)
     select workspace_id, id, date_trunc('minute', now()), views, likes, comments, shares, score,
       upvote_ratio, viewers from posts where id = any ($1)`,
    [ids],
  )
  await client.query(
    `insert into sample_schedule (post_id, workspace_id, profile_id, due_at)
     select p.id, p.workspace_id, s.profile_id, now() + interval '1 hour'
     from posts p join sources s on s.id = p.source_id where p.id = any ($1)`,
    [ids],
  )
  await client.query(
    'insert into unscored_posts (post_id, workspace_id) select id, $1 from unnest($2::bigint[]) id',
    [workspaceId, ids],
  )
  await client.query('commit')
}
