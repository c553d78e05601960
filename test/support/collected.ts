import pg from 'pg'
import type { SignedIn, TestApp } from './app.ts'

/** SQL as the application in one person's workspace, for writing what collection would have. */
export type Collected = {
  client: pg.Client
  workspaceId: string
  source: (platform: string, handle: string, createdAt?: string) => Promise<string>
  post: (sourceId: string, post?: Partial<NewPost>) => Promise<string>
  author: (platform: string, handle: string) => Promise<string>
  close: () => Promise<void>
}

export type NewPost = {
  external_id: string
  author_id: string | null
  kind: string
  title: string | null
  body: string | null
  category: string | null
  mentions: string[]
  reply_to: string | null
  published_at: string
  ended_at: string | null
  views: number | null
  likes: number | null
  tags: string[]
  scores: [negative: number, neutral: number, positive: number, compound: number] | null
}

const kindOf: Record<string, string> = {
  twitch: 'stream',
  twitter: 'tweet',
  youtube: 'video',
  reddit: 'reddit_post',
}

export async function collectedBy(app: TestApp, person: SignedIn): Promise<Collected> {
  const client = new pg.Client({ connectionString: app.ownerUrl })
  await client.connect()
  const one = async (text: string, values: unknown[] = []) =>
    String((await client.query(text, values)).rows[0].id)
  const workspaceId = await one(
    `select workspace_id as id from memberships m join users u on u.id = m.user_id where u.email = $1`,
    [person.email],
  )
  await client.query(`insert into master_keys values ('t', '\\x00', now()) on conflict do nothing`)
  await client.query('set role earshot_app')
  await client.query(`select set_config('app.workspace_id', $1, false)`, [workspaceId])
  let serial = 0

  const profile = (platform: string) =>
    one(
      `insert into credential_profiles (workspace_id, platform, name, key_id, wrapped_key,
         sealed_fields, hints, created_at, updated_at)
       values ($1, $2, 'p', 't', '\\x00', '{}', '{}', now(), now())
       on conflict (workspace_id, platform, name) do update set updated_at = now() returning id`,
      [workspaceId, platform],
    )

  return {
    client,
    workspaceId,
    source: async (platform, handle, createdAt = '2026-01-01T00:00:00Z') => {
      const profileId = await profile(platform)
      const id = await one(
        `insert into sources (workspace_id, profile_id, platform, handle, external_id, url, title, created_at)
         values ($1, $2, $3, $4, $4, 'https://example.org', upper($4), $5) returning id`,
        [workspaceId, profileId, platform, handle, createdAt],
      )
      await client.query(
        `insert into monitoring_jobs (workspace_id, source_id, profile_id, interval_minutes,
           next_run_at, created_at, updated_at) values ($1, $2, $3, 30, now(), $4, $4)`,
        [workspaceId, id, profileId, createdAt],
      )
      return id
    },
    author: (platform, handle) =>
      one(
        `insert into authors (workspace_id, platform, external_id, handle, display_name, updated_at)
         values ($1, $2, $3, $3, upper($3), now()) returning id`,
        [workspaceId, platform, handle],
      ),
    post: (sourceId, post = {}) => insertPost(client, workspaceId, sourceId, `x${++serial}`, post),
    close: () => client.end(),
  }
}

const blank: NewPost = {
  external_id: '',
  author_id: null,
  kind: '',
  title: null,
  body: null,
  category: null,
  mentions: [],
  reply_to: null,
  published_at: '2026-11-01T00:00:00Z',
  ended_at: null,
  views: null,
  likes: null,
  tags: [],
  scores: null,
}

async function insertPost(
  client: pg.Client,
  workspaceId: string,
  sourceId: string,
  externalId: string,
  given: Partial<NewPost>,
): Promise<string> {
  const found = await client.query('select platform from sources where id = $1', [sourceId])
  const { platform } = found.rows[0]
  const post = { ...blank, kind: kindOf[platform], external_id: externalId, ...given }
  const { tags, scores, ...columns } = post
  const row = { ...columns, workspace_id: workspaceId, source_id: sourceId, platform }
  const names = Object.keys(row)
  const { rows } = await client.query(
    `insert into posts (${names.join(', ')}, fetched_at)
     values (${names.map((_, index) => `$${index + 1}`).join(', ')}, now()) returning id`,
    Object.values(row),
  )
  const { id } = rows[0]
  await client.query(
    'insert into post_tags select $1::bigint, tag, $2::timestamptz, $3::bigint from unnest($4::text[]) tag',
    [workspaceId, post.published_at, id, tags],
  )
  if (scores) {
    await client.query(`insert into sentiments values ($1, $2, 'tiny', $3, $4, $5, $6, now())`, [
      id,
      workspaceId,
      ...scores,
    ])
  }
  return String(id)
}
