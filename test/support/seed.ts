import type { PlatformPost } from '../../src/platforms/platform.ts'
import { noMetrics } from '../../src/platforms/platform.ts'
import { asOwner } from './servers.ts'

export type SeededSource = {
  workspaceId: string
  profileId: string
  sourceId: string
  jobId: string
}

/** A workspace with one profile, one source and its job, written as the owner of the schema may not: as the application. */
export async function seedSource(ownerUrl: string, platform = 'twitter'): Promise<SeededSource> {
  return asOwner(ownerUrl, async (client) => {
    await client.query('begin')
    const one = async (sql: string, values: unknown[] = []) =>
      String((await client.query(sql, values)).rows[0].id)
    const workspaceId = await one(
      `insert into workspaces (name, created_at) values ('seeded', now()) returning id`,
    )
    await client.query('set local role earshot_app')
    await client.query(`select set_config('app.workspace_id', $1, true)`, [workspaceId])
    await client.query(
      `insert into master_keys values ('seed', '\\x00', now()) on conflict do nothing`,
    )
    const profileId = await one(
      `insert into credential_profiles (workspace_id, platform, name, key_id, wrapped_key,
         sealed_fields, hints, created_at, updated_at)
       values ($1, $2, 'seeded', 'seed', '\\x00', '{}', '{}', now(), now()) returning id`,
      [workspaceId, platform],
    )
    const sourceId = await one(
      `insert into sources (workspace_id, profile_id, platform, handle, external_id, url, created_at)
       values ($1, $2, $3, 'someone', 'ext-1', 'https://example.org', now()) returning id`,
      [workspaceId, profileId, platform],
    )
    const jobId = await one(
      `insert into monitoring_jobs (workspace_id, source_id, profile_id, interval_minutes,
         next_run_at, created_at, updated_at)
       values ($1, $2, $3, 30, now(), now(), now()) returning id`,
      [workspaceId, sourceId, profileId],
    )
    await client.query('commit')
    return { workspaceId, profileId, sourceId, jobId }
  })
}

export const somePost = (changes: Partial<PlatformPost> = {}): PlatformPost => ({
  externalId: '1',
  kind: 'tweet',
  author: { externalId: 'a1', handle: 'ada', displayName: 'Ada', followers: 12 },
  title: null,
  body: 'Hello #world',
  url: 'https://example.org/1',
  lang: 'en',
  hashtags: ['world'],
  mentions: [],
  replyTo: null,
  category: null,
  publishedAt: new Date('2026-11-20T10:00:00Z'),
  metrics: { ...noMetrics, likes: 3 },
  extra: {},
  ...changes,
})
