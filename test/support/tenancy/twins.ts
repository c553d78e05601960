import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import pg from 'pg'
import type { TestApp } from '../app.ts'
import { asOwner } from '../servers.ts'

/** What one workspace holds. Two of them are drawn from the same few names, so that they overlap. */
export type Belongings = {
  platform: 'twitch' | 'twitter' | 'youtube' | 'reddit'
  handle: string
  posts: { externalId: string; text: string; tag: string; author: string; hoursAgo: number }[]
}[]

export const shared = {
  handles: ['ada', 'grace', 'linus'],
  texts: ['hello world', 'the launch went well', 'rain again'],
  tags: ['launch', 'weather'],
  authors: ['eve', 'mallory'],
}

const post = fc.record({
  externalId: fc.constantFrom('1', '2', '3', '4'),
  text: fc.constantFrom(...shared.texts),
  tag: fc.constantFrom(...shared.tags),
  author: fc.constantFrom(...shared.authors),
  hoursAgo: fc.integer({ min: 1, max: 48 }),
})

export const belongings: fc.Arbitrary<Belongings> = fc.uniqueArray(
  fc.record({
    platform: fc.constantFrom('twitch', 'twitter', 'youtube', 'reddit'),
    handle: fc.constantFrom(...shared.handles),
    posts: fc.uniqueArray(post, { maxLength: 4, selector: ({ externalId }) => externalId }),
  }),
  { minLength: 1, maxLength: 4, selector: ({ platform, handle }) => `${platform}/${handle}` },
)

/** A mark in every text of one workspace alone, and the ids of its rows by their table. */
export type Secret = { workspaceId: string; mark: string; ids: Map<string, string> }

/**
 * Every table counts from another billion, so that an id in an answer says whose it is, and no count
 * is taken for one.
 */
export const spreadIds = (app: TestApp) =>
  asOwner(app.ownerUrl, async (client) => {
    const { rows } = await client.query(
      `select c.oid::regclass::text as name, row_number() over (order by c.relname) as place
        from pg_class c join pg_sequence s on s.seqrelid = c.oid and s.seqmax > 1e12
        where c.relkind = 'S' and c.relnamespace = 'public'::regnamespace`,
    )
    for (const { name, place } of rows) {
      await client.query('select setval($1::text::regclass, $2)', [name, 1_000_000_000 * place])
    }
  })

/** Writes into a workspace what collection would have, with a mark in each text. */
export async function fill(app: TestApp, workspaceId: string, all: Belongings): Promise<Secret> {
  const mark = `mark${randomBytes(8).toString('hex')}`
  const client = new pg.Client({ connectionString: app.ownerUrl })
  await client.connect()
  await client.query(`insert into master_keys values ('t', '\\x00', now()) on conflict do nothing`)
  await client.query('set role earshot_app')
  await client.query("select set_config('app.workspace_id', $1, false)", [workspaceId])
  const ids = new Map([[workspaceId, 'workspaces']])
  const one = async (statement: string, values: unknown[]) => {
    const { rows } = await client.query(`${statement} returning id`, [workspaceId, mark, ...values])
    const id = String(rows[0].id)
    ids.set(id, /^insert into (\w+)/.exec(statement)?.[1] ?? '')
    return id
  }
  await one(
    `insert into invitations (workspace_id, email, role, created_at, expires_at)
      values ($1, $2 || '@example.org', 'viewer', now(), now() + interval '1 day')`,
    [],
  )
  for (const source of all) await fillSource(one, client, { workspaceId, source })
  await client.end()
  return { workspaceId, mark, ids }
}

type One = (statement: string, values: unknown[]) => Promise<string>
type Place = { workspaceId: string; source: Belongings[number] }

async function fillSource(one: One, client: pg.Client, { workspaceId, source }: Place) {
  const { platform, handle, posts } = source
  const profileId = await one(
    `insert into credential_profiles (workspace_id, platform, name, key_id, wrapped_key,
       sealed_fields, hints, created_at, updated_at)
      values ($1, $3, $2 || $4, 't', '\\x00', '{}', '{}', now(), now())`,
    [platform, handle],
  )
  const sourceId = await one(
    `insert into sources (workspace_id, profile_id, platform, handle, external_id, url, title, created_at)
      values ($1, $3, $4, $5, $5, 'https://example.org', $2, now() - interval '3 days')`,
    [profileId, platform, handle],
  )
  const jobId = await one(
    `insert into monitoring_jobs (workspace_id, source_id, profile_id, interval_minutes, next_run_at,
       created_at, updated_at, cursor)
      values ($1, $3, $4, 30, now(), now() - interval '3 days', now(), jsonb_build_object('c', $2::text))`,
    [sourceId, profileId],
  )
  await one(
    `insert into job_executions (workspace_id, job_id, scheduled_for, started_at, status, error_message)
      values ($1, $3, now(), now(), 'failed', $2)`,
    [jobId],
  )
  await one(
    `insert into coverage_gaps (workspace_id, source_id, from_at, to_at, reason)
      values ($1, $3, now() - interval '2 days', now() - interval '1 day', $2)`,
    [sourceId],
  )
  await client.query(
    'insert into source_samples (source_id, sampled_at, workspace_id) values ($1, now(), $2)',
    [sourceId, workspaceId],
  )
  for (const each of posts)
    await fillPost(one, client, { workspaceId, sourceId, platform, ...each })
}

const kinds = { twitch: 'stream', twitter: 'tweet', youtube: 'video', reddit: 'reddit_post' }

type Post = Belongings[number]['posts'][number] & {
  workspaceId: string
  sourceId: string
  platform: Belongings[number]['platform']
}

async function fillPost(one: One, client: pg.Client, post: Post): Promise<void> {
  const { workspaceId, sourceId, platform } = post
  const authorId = await one(
    `insert into authors (workspace_id, platform, external_id, handle, display_name, updated_at)
      values ($1, $3, $4, $4, $2, now())
      on conflict on constraint authors_external_id_unique do update set updated_at = now()`,
    [platform, post.author],
  )
  const postId = await one(
    `insert into posts (workspace_id, source_id, author_id, platform, kind, external_id, title, body,
       category, published_at, fetched_at, views, likes)
      values ($1, $3, $4, $5, $6, $7, $2, $8, $2, now() - make_interval(hours => $9), now(), 3, 2)`,
    [sourceId, authorId, platform, kinds[platform], post.externalId, post.text, post.hoursAgo],
  )
  const statements = [
    `insert into post_tags select $1, $3, published_at, id from posts where id = $2`,
    'insert into post_samples (workspace_id, post_id, sampled_at) values ($1, $2, now())',
    `insert into sentiments values ($2, $1, 'tiny', 0.1, 0.2, 0.7, 0.6, now())`,
  ]
  for (const [at, statement] of statements.entries()) {
    await client.query(statement, [workspaceId, postId, ...(at === 0 ? [post.tag] : [])])
  }
}
