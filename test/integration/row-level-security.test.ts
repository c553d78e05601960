import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type pg from 'pg'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type SeededSource, seedSource } from '../support/seed.ts'
import { asOwner } from '../support/servers.ts'

/** Who may enter where: read before a workspace is known, so these stand outside. */
const identity = ['api_tokens', 'memberships', 'sessions']

/** The application may read its own rows there, and write none but by a door. */
const readOnly = ['audit_heads', 'audit_log']

type Table = { name: string; policies: string[]; partition: boolean; forced: boolean }

let database: TestDatabase
let tables: Table[]
let ours: SeededSource
let theirs: SeededSource

beforeAll(async () => {
  database = await createTestDatabase()
  ours = await seedSource(database.ownerUrl)
  theirs = await seedSource(database.ownerUrl)
  for (const tenant of [ours, theirs]) {
    await asApplication(tenant.workspaceId, (client) => fillTables(client, tenant))
  }
  tables = await asOwner(database.ownerUrl, async (client) => {
    const { rows } = await client.query(
      `select c.relname as name, c.relispartition as partition,
              c.relrowsecurity and c.relforcerowsecurity as forced,
              array(select policyname::text from pg_policies p
                where p.schemaname = 'public' and p.tablename = c.relname
                  and 'earshot_app' = any(p.roles)
                  and p.qual like '%workspace_id = %app.workspace_id%'
                  and case when c.relname = any($2)
                    then p.cmd = 'SELECT' and p.with_check is null
                      and not has_any_column_privilege('earshot_app', c.oid, 'insert, update')
                      and not has_table_privilege('earshot_app', c.oid, 'delete, truncate')
                    else p.cmd = 'ALL' and p.with_check = p.qual end) as policies
         from pg_class c
         join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
        where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
          and c.relname <> all($1)`,
      [identity, readOnly],
    )
    return rows
  })
})
afterAll(() => database.close())

/** One row more in each table that `seedSource` leaves empty. */
async function fillTables(client: pg.Client, tenant: SeededSource): Promise<void> {
  const { workspaceId, profileId, sourceId, jobId } = tenant
  const one = async (sql: string, values: unknown[]) =>
    String((await client.query(`${sql} returning id`, values)).rows[0].id)
  const authorId = await one(
    `insert into authors (workspace_id, platform, external_id, handle, updated_at)
     values ($1, 'twitter', 'a1', 'ada', now())`,
    [workspaceId],
  )
  const postId = await one(
    `insert into posts (workspace_id, source_id, author_id, platform, kind, external_id,
       published_at, fetched_at)
     values ($1, $2, $3, 'twitter', 'tweet', 'p1', now(), now())`,
    [workspaceId, sourceId, authorId],
  )
  const inserts: [statement: string, ...more: unknown[]][] = [
    [`budget_windows values ($2, 'posts', $1, 1, null, now(), now())`, profileId],
    ['source_samples (source_id, sampled_at, workspace_id) values ($2, now(), $1)', sourceId],
    [
      `job_executions (workspace_id, job_id, scheduled_for, started_at, status)
        values ($1, $2, now(), now(), 'success')`,
      jobId,
    ],
    [
      `coverage_gaps (workspace_id, source_id, from_at, reason) values ($1, $2, now(), 'test')`,
      sourceId,
    ],
    [`outbox (workspace_id, topic, payload, created_at) values ($1, 'test', '{}', now())`],
    [`post_tags values ($1, 'tag', now(), $2)`, postId],
    ['post_samples (workspace_id, post_id, sampled_at) values ($1, $2, now())', postId],
    ['stream_changes (workspace_id, post_id, changed_at) values ($1, $2, now())', postId],
    [
      `sample_schedule (workspace_id, post_id, profile_id, due_at) values ($1, $2, $3, now())`,
      postId,
      profileId,
    ],
    [`sentiments values ($2, $1, 'test', 0, 1, 0, 0, now())`, postId],
    ['unscored_posts (workspace_id, post_id) values ($1, $2)', postId],
    [
      `invitations (workspace_id, email, role, created_at, expires_at)
        values ($1, 'ada@example.org', 'viewer', now(), now())`,
    ],
    [
      `post_milestones (workspace_id, post_id, age_hours, source_id, platform, kind, published_at,
         age_s, sampled_at)
        values ($1, $2, 24, $3, 'twitter', 'tweet', now(), 86400, now())`,
      postId,
      sourceId,
    ],
    // Its sums come with it.
    [
      `posts (workspace_id, source_id, platform, kind, external_id, published_at, fetched_at)
        values ($1, $2, 'twitch', 'stream', 'p2', now(), now())`,
      sourceId,
    ],
    [`tag_hours values ($1, 'tag', now(), 'twitter', 1, 1)`],
    [`tag_days values ($1, 'tag', now(), 'twitter', 1)`],
    [`tag_totals values ($1, 'twitter', 'tag', 1)`],
    [`tag_counters values ($1, gen_random_uuid(), now())`],
    [`tag_episodes values ($1, 'tag', now(), now(), null, 6, 5, 1, 'why')`],
    [
      `thread_schedule (workspace_id, post_id, profile_id, due_at) values ($1, $2, $3, now())`,
      postId,
      profileId,
    ],
    [
      `thread_shapes (workspace_id, post_id, source_id, platform, published_at, size, depth, breadth,
         chains, authors, orphans, missing, cycles, computed_at)
        values ($1, $2, $3, 'twitter', now(), 1, 0, 0, '{}', 0, 0, 0, 0, now())`,
      postId,
      sourceId,
    ],
    [
      `sentiment_labels (workspace_id, post_id, label, text_version, labelled_at)
        values ($1, $2, 'neutral', '', now())`,
      postId,
    ],
    [
      `analytics_reports (workspace_id, name, report_type, request, report_data, created_at)
        values ($1, 'r', 'summary', '{}', '{}', now())`,
    ],
    [
      `experiments (workspace_id, name, hypothesis, kind, treatment, metric, baseline_from, starts_at,
         ends_at, created_at)
        values ($1, 'e', 'h', 'promotion', '{}', 'engagement', now() - interval '1 day', now(),
          now() + interval '1 day', now())`,
    ],
  ]
  for (const [statement, ...more] of inserts) {
    await client.query(`insert into ${statement}`, [workspaceId, ...more])
  }
  // Some changes are folded into the rollups, one still waits.
  await client.query('select fold_rollups($1, 100)', [workspaceId])
  await client.query('update posts set likes = 1')
  await client.query(
    `select append_audit($1, now(), 'workspace.created', 'success', 'task', null, null, null, null,
       '{}', '{}', '\\x00')`,
    [workspaceId],
  )
}

/** In one transaction, as the role that Earshot's processes act as. */
const asApplication = <T>(workspaceId: string | null, work: (client: pg.Client) => Promise<T>) =>
  asOwner(database.ownerUrl, async (client) => {
    await client.query('begin')
    await client.query('set local role earshot_app')
    if (workspaceId !== null) {
      await client.query(`select set_config('app.workspace_id', $1, true)`, [workspaceId])
    }
    const result = await work(client)
    await client.query('commit')
    return result
  })

const countRows = async (client: pg.Client, name: string): Promise<number> =>
  Number((await client.query(`select count(*) from ${name}`)).rows[0].count)

const roots = () => tables.filter(({ partition }) => !partition)

test('SEC-12: whatever names a workspace is under a forced policy', () => {
  expect(roots().length).toBeGreaterThan(10)
  expect(tables.filter(({ forced }) => !forced)).toEqual([])
  expect(roots().filter(({ policies }) => policies.length !== 1)).toEqual([])
})

describe('SEC-12: the application', () => {
  test('sees its own rows in every tenant table, and no others', async () => {
    await asApplication(ours.workspaceId, async (client) => {
      for (const { name } of roots()) {
        const { rows } = await client.query(`select distinct workspace_id from ${name}`)
        expect({ name, rows }).toEqual({ name, rows: [{ workspace_id: ours.workspaceId }] })
      }
    })
  })

  test('sees nothing anywhere without a workspace', async () => {
    await asApplication(null, async (client) => {
      for (const { name } of tables) {
        expect({ name, rows: await countRows(client, name) }).toEqual({ name, rows: 0 })
      }
    })
  })

  test('sees nothing after a transaction that had one', async () => {
    await asOwner(database.ownerUrl, async (client) => {
      await client.query('set role earshot_app')
      await client.query('begin')
      await client.query(`select set_config('app.workspace_id', $1, true)`, [ours.workspaceId])
      expect(await countRows(client, 'posts')).toBe(2)
      await client.query('commit')
      expect(await countRows(client, 'posts')).toBe(0)
    })
  })

  test('sees no row of a partition by its own name', async () => {
    const partitions = tables.filter(({ partition, name }) => partition && !/default/.test(name))
    expect(partitions.length).toBeGreaterThan(0)
    await asApplication(ours.workspaceId, async (client) => {
      for (const { name } of partitions) expect(await countRows(client, name)).toBe(0)
    })
  })

  test.each([
    'insert into audit_log select * from audit_log',
    'update audit_log set personal = null, salt = null',
    'delete from audit_log',
    'truncate audit_log',
    'update audit_heads set seq = 0',
    'delete from audit_heads',
    'update audit_seals set seq = 0',
    'delete from audit_seals',
    'alter table audit_log disable trigger append_only',
  ])('SEC-30: may not %s', async (statement) => {
    const write = asApplication(ours.workspaceId, (client) => client.query(statement))
    await expect(write).rejects.toThrow(/permission denied|must be owner/)
  })

  test('writes into no workspace but its own', async () => {
    for (const statement of [
      `insert into outbox (workspace_id, topic, payload, created_at) values ($1, 'x', '{}', now())`,
      `update posts set workspace_id = $1`,
    ]) {
      const write = asApplication(ours.workspaceId, (client) =>
        client.query(statement, [theirs.workspaceId]),
      )
      await expect(write).rejects.toThrow('row-level security')
    }
    await asApplication(ours.workspaceId, async (client) => {
      const { rowCount } = await client.query('delete from posts where workspace_id = $1', [
        theirs.workspaceId,
      ])
      expect(rowCount).toBe(0)
    })
  })

  test.each(['tweets', 'reddit_posts', 'youtube_videos', 'twitch_stream_records'])(
    'sees nothing in the view %s without a workspace',
    async (view) => {
      await asApplication(null, async (client) => expect(await countRows(client, view)).toBe(0))
    },
  )

  test.each([
    'alter table posts disable row level security',
    'alter table posts no force row level security',
    'drop policy in_workspace on posts',
    'create table loot (id int)',
    'create or replace function matching_posts(query text) returns setof bigint language sql as $$ select 1::bigint $$',
    `update master_keys set proof = '\\x00'`,
  ])('may not %s', async (statement) => {
    await expect(asApplication(null, (client) => client.query(statement))).rejects.toThrow(
      /must be owner|permission denied/,
    )
  })
})

test('SEC-12: a temporary table of the same name is nothing that a borrowing function reads', async () => {
  await asApplication(ours.workspaceId, async (client) => {
    const keys = async () =>
      (await client.query('select * from public.credential_key_ids() order by key_id')).rows
    const real = await keys()
    await client.query('create temp table credential_profiles (key_id text)')
    await client.query(`insert into credential_profiles values ('forged')`)
    await client.query('grant select on credential_profiles to public')
    expect(await keys()).toEqual(real)
    expect(real).not.toEqual([])
  })
})

test('SEC-12: not even the owner looks past a policy', async () => {
  const seen = await asOwner(database.ownerUrl, async (client) => {
    const { rows } = await client.query(
      `select rolsuper or pg_has_role('earshot_system', 'usage') as sees_all
       from pg_roles where rolname = current_user`,
    )
    // A superuser, or on PostgreSQL 15 an owner that inherits from the doors' role: doctor warns.
    return rows[0].sees_all ? 0 : countRows(client, 'posts')
  })
  expect(seen).toBe(0)
})
