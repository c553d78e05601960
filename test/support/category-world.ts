import type { Collected } from './collected.ts'

export type Written = {
  author: string | null
  category: string | null
  at: string
  kind?: string
  promoted?: boolean
  views?: number | null
  likes?: number | null
  comments?: number | null
  shares?: number | null
}

const counts = ['views', 'likes', 'comments', 'shares'] as const

/** Many posts of one source with their authors and categories, as collection would leave them. */
export async function write(
  { client, workspaceId }: Pick<Collected, 'client' | 'workspaceId'>,
  sourceId: string,
  posts: readonly Written[],
): Promise<string[]> {
  const { rows } = await client.query(
    `insert into posts (workspace_id, source_id, platform, kind, external_id, published_at,
       fetched_at, author_id, category, promoted, ${counts.join(', ')})
     select $1, s.id, s.platform, coalesce(x.kind, 'tweet'), gen_random_uuid()::text, x.at, now(),
       x.author, x.category, coalesce(x.promoted, false), ${counts.map((name) => `x.${name}`).join(', ')}
     from json_to_recordset($3::json) as x(author bigint, category text, at timestamptz, kind text,
       promoted boolean, ${counts.map((name) => `${name} bigint`).join(', ')}, place bigint)
     join sources s on s.id = $2 order by x.place returning id::text`,
    [workspaceId, sourceId, JSON.stringify(posts.map((post, place) => ({ ...post, place })))],
  )
  return rows.map(({ id }) => id as string)
}

/** `posts` posts that have `total` likes together; `silent` of them tell nothing. */
export const spread = (total: number, posts: number, silent = 0): (number | null)[] =>
  Array.from({ length: posts }, (_, index) =>
    index >= posts - silent
      ? null
      : Math.floor(total / (posts - silent)) + (index < total % (posts - silent) ? 1 : 0),
  )
