import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { fromBufferPromise } from 'yauzl'
import { archivedTables } from '../../src/features/farewell/archive.tables.ts'
import { auditOf } from '../support/accounts.ts'
import { password, startTestApp, type TestApp } from '../support/app.ts'
import { type Canary, findCanaries } from '../support/canaries.ts'
import { type Leaver, openLeaver, openNeighbours } from '../support/farewell.ts'
import { openMailbox } from '../support/mailbox.ts'
import { asOwner } from '../support/servers.ts'
import { newPerson } from '../support/team.ts'
import { until } from '../support/until.ts'

const path = '/api/users/me/archive'

/** Tables of a workspace's rows that are no file of the archive, and why. */
const notArchived: Record<string, string> = {
  posts: 'posts.ndjson',
  authors: 'posts.ndjson has them',
  post_tags: 'posts.ndjson has them',
  sentiments: 'posts.ndjson has them',
  memberships: 'workspaces.json',
  sessions: 'sessions.json',
  api_tokens: 'api-tokens.json',
  audit_log: 'audit.ndjson',
  audit_heads: 'where the chain of the audit log ends: nothing of anybody',
  budget_windows: 'how many calls are left, by the minute',
  outbox: 'news on its way to open pages; the rows that it tells of are in the archive',
  sample_schedule: 'a plan: when to look again',
  thread_schedule: 'a plan: when to look again',
  unscored_posts: 'a plan: what is to be scored',
  tag_recounts: 'a plan: what is to be counted',
  tag_counters: 'a version of counts',
  tag_hours: 'counts of the posts',
  tag_days: 'counts of the posts',
  tag_totals: 'counts of the posts',
  rollup_deltas: 'sums of the posts',
  workspace_folds: 'a version of sums',
  source_rollups: 'sums of the posts',
  workspace_hours: 'sums of the posts',
  author_months: 'sums of the posts',
  source_weeks: 'sums of the posts',
  workspace_rollups: 'sums of the posts',
  workspace_weeks: 'sums of the posts',
  author_rollups: 'sums of the posts',
  author_totals: 'sums of the posts',
  post_milestones: 'chosen from post-samples.ndjson',
  stream_sums: 'sums of post-samples.ndjson',
  stream_weeks: 'sums of post-samples.ndjson',
  thread_shapes: 'worked out of the comments, which are posts',
}

let app: TestApp
let leaver: Leaver
let team: string
let files: Map<string, string>

beforeAll(async () => {
  app = await startTestApp({ variables: { TRUST_PROXY: '127.0.0.1' } })
  leaver = await openLeaver(app, openMailbox(app))
  team = (await openNeighbours(app, leaver)).team
  files = await unzip(await take(leaver.token))
})
afterAll(async () => {
  await leaver.collected.close()
  await app.close()
})

async function take(token: string): Promise<Buffer> {
  const response = await fetch(`${app.url}${path}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/zip')
  expect(response.headers.get('content-disposition')).toMatch(
    /^attachment; filename="earshot-archive-/,
  )
  return Buffer.from(await response.arrayBuffer())
}

async function unzip(bytes: Buffer): Promise<Map<string, string>> {
  const zip = await fromBufferPromise(bytes)
  const found = new Map<string, string>()
  for await (const entry of zip.eachEntry()) {
    found.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)))
  }
  return found
}

const json = (name: string) => JSON.parse(files.get(name) ?? 'null')
const lines = (name: string): Record<string, unknown>[] =>
  (files.get(name) ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
const inHome = (name: string) => lines(`workspaces/${leaver.homeId}/${name}`)
const planted = (name: string) => leaver.canaries.find((one) => one.name === name)?.value ?? ''

describe('the archive', () => {
  test('holds a file for everything, and README.txt names each of them', () => {
    const readme = files.get('README.txt') ?? ''
    const names = [...files.keys()].filter((name) => name !== 'README.txt')
    expect(names.length).toBeGreaterThan(15)
    for (const name of names) expect(readme).toContain(name.replace(/^workspaces\/\d+\//, ''))
    expect(readme).toContain(`workspaces/${leaver.homeId}/`)
    expect(readme).toContain(leaver.email)
    expect(readme).toContain('Shared')
  })

  test('every table of a workspace is in it, or is left out for a reason', async () => {
    const tables = await asOwner(app.ownerUrl, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `select c.relname as name from pg_class c
          join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
          where c.relkind in ('r', 'p') and not c.relispartition
            and c.relnamespace = 'public'::regnamespace order by 1`,
      )
      return rows.map(({ name }) => name)
    })
    const inFiles = archivedTables.flatMap(({ select }) =>
      [...select.matchAll(/\b(?:from|join) (\w+)/g)].map(([, name = '']) => name),
    )
    const advice = (name: string) =>
      `${name}: add it to archivedTables, or say in notArchived of this test why nobody misses it`
    const missing = tables.filter((name) => !inFiles.includes(name) && !(name in notArchived))
    expect(missing.map(advice)).toEqual([])
    expect(Object.keys(notArchived).filter((name) => !tables.includes(name))).toEqual([])
  })

  test('says what the database says', async () => {
    expect(json('account.json')).toMatchObject({
      email: leaver.email,
      displayName: planted('displayName'),
      username: planted('username'),
      bio: planted('bio'),
    })
    expect(json('sessions.json')[0]).toMatchObject({
      ip: planted('ip'),
      userAgent: planted('userAgent'),
    })
    expect(json('api-tokens.json')[0]).toMatchObject({
      name: planted('tokenName'),
      scopes: ['read'],
    })
    expect(json('feedback.json')[0]).toMatchObject({ title: planted('feedback') })
    expect(json('workspaces.json')).toHaveLength(3)
    expect(inHome('posts.ndjson')).toMatchObject([
      {
        title: planted('post'),
        body: planted('post'),
        sentiment: 'positive',
        hashtags: [planted('author')],
      },
    ])
    expect(inHome('sources.ndjson')).toMatchObject([{ handle: planted('source') }])
    expect(inHome('post-samples.ndjson')).toMatchObject([{ likes: 7 }])
    expect(inHome('source-samples.ndjson')).toMatchObject([{ followers: 9 }])
    expect(inHome('executions.ndjson')).toMatchObject([
      { status: 'failed', errorMessage: planted('post') },
    ])
    expect(inHome('sentiment-labels.ndjson')).toMatchObject([
      { label: 'negative', model: planted('label') },
    ])
    expect(inHome('analytics-reports.ndjson')).toMatchObject([
      { name: planted('report'), reportData: { text: planted('report') } },
    ])
    expect(inHome('experiments.ndjson')).toMatchObject([{ hypothesis: planted('experiment') }])
    expect(inHome('hashtag-episodes.ndjson')).toMatchObject([{ why: planted('episode') }])
    expect(inHome('monitoring-jobs.ndjson')).toMatchObject([{ intervalMinutes: 30 }])
    const actions = lines('audit.ndjson').map(({ action }) => action)
    expect(actions).toEqual(
      expect.arrayContaining(['account.verified', 'login.failed', 'api_token.created']),
    )
    const { rows } = await leaver.collected.client.query('select id::text from posts')
    expect(inHome('posts.ndjson').map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
  })

  test('SEC-19: no hash, token or sealed credential is in it', async () => {
    const secrets = await asOwner(app.ownerUrl, async (client) => {
      await client.query('begin')
      await client.query('alter table credential_profiles no force row level security')
      const { rows } = await client.query<{ name: string; value: string }>(
        `select 'password' as name, password_hash as value from users
         union all select 'session', refresh_hash from sessions
         union all select 'family', refresh_family from sessions
         union all select 'api token', token_hash from api_tokens
         union all select 'link', token_hash from account_tokens
         union all select 'hint', hint from api_tokens`,
      )
      await client.query('rollback')
      return rows as Canary[]
    })
    expect(secrets.length).toBeGreaterThan(4)
    const places = [...files].map(([where, one]) => ({ where, text: one }))
    const long = secrets.filter(({ value }) => value.length > 8)
    expect(findCanaries(places, [...long, { name: 'the password', value: password }])).toEqual([])
    for (const name of ['wrapped', 'sealed', 'secret_ref', 'hints', 'password']) {
      expect(JSON.stringify(inHome('credential-profiles.ndjson'))).not.toContain(name)
    }
  })

  test('SEC-12: of a shared workspace only the membership is in it', () => {
    expect(json('workspaces.json').find(({ id }: { id: string }) => id === team)).toMatchObject({
      name: 'Shared',
      role: 'editor',
      isYoursAlone: false,
    })
    expect([...files.keys()].filter((name) => name.startsWith(`workspaces/${team}/`))).toEqual([])
    expect([...files.values()].some((one) => one.includes('"Theirs"'))).toBe(false)
  })

  test('that it was taken is in the audit log, before its first byte', async () => {
    const taken = await auditOf(app, 'account.archive_taken')
    expect(taken.at(-1)).toMatchObject({ object_kind: 'user', object_id: leaver.userId })
  })

  test('is nothing for an API token', async () => {
    const person = await newPerson(app)
    const made = await person.call('POST', '/api/users/me/tokens', {
      name: 'Script',
      scopes: ['read', 'export'],
      expiresInDays: 30,
      currentPassword: password,
    })
    const { token } = made.body as { token: string }
    const headers = { authorization: `Bearer ${token}` }
    expect((await fetch(`${app.url}${path}`, { headers })).status).toBe(403)
  })

  test('a reader who leaves in the middle frees the connection and the slot', async () => {
    const { pool } = app.parts.database
    const { client, workspaceId } = leaver.collected
    await client.query(
      `insert into posts (workspace_id, source_id, platform, kind, external_id, title, published_at, fetched_at)
       select $1, (select id from sources limit 1), 'twitter', 'tweet', 'n' || n, repeat(md5(n::text), 8), now(), now()
       from generate_series(1, 20000) n`,
      [workspaceId],
    )
    for (let n = 0; n < 5; n += 1) {
      await new Promise<void>((resolve, reject) => {
        const headers = { authorization: `Bearer ${leaver.token}` }
        const call = request(`${app.url}${path}`, { headers }, (response) => {
          response.once('data', () => {
            response.destroy()
            resolve()
          })
        })
        call.on('error', reject)
        call.end()
      })
      await until('the connection is back', () => pool.idleCount === pool.totalCount)
    }
    const again = await unzip(await take(leaver.token))
    expect(
      again.get(`workspaces/${leaver.homeId}/posts.ndjson`)?.trimEnd().split('\n'),
    ).toHaveLength(20_001)
  })
})
