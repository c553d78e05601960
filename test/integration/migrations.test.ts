import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type pg from 'pg'
import { entities } from '../../src/entities.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { asOwner } from '../support/servers.ts'

type Column = { name: string; type: string; nullable: boolean }

let database: TestDatabase
const ask = <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
  asOwner(database.ownerUrl, async (client) => (await client.query<Row>(sql, values)).rows)

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

describe('the entities say what the migrations made', () => {
  test.each(entities.map((entity) => entity.meta.tableName))('%s', async (table) => {
    const { orm } = await database.open()
    const metadata = [...orm.getMetadata().getAll().values()]
    const properties = metadata.find(({ tableName }) => tableName === table)?.props ?? []
    const declared = await Promise.all(
      properties.map(async ({ fieldNames, columnTypes, nullable }) => ({
        name: fieldNames[0] ?? '',
        type: await typeName(columnTypes[0] ?? ''),
        nullable: nullable === true,
      })),
    )
    const columns = await ask<Column>(
      `select column_name as name, data_type as type, is_nullable = 'YES' as nullable
         from information_schema.columns
        where table_schema = 'public' and table_name = $1`,
      [table],
    )
    expect(columns).not.toEqual([])
    expect(byName(declared)).toEqual(byName(columns))
  })
})

/** PostgreSQL's own name of a type: 'bigserial' and 'timestamptz(0)' are the ORM's spellings. */
async function typeName(spelling: string): Promise<string> {
  const type = spelling.replace('serial', 'int')
  const [row] = await ask<{ name: string }>('select $1::regtype::text as name', [type])
  return row?.name ?? ''
}

const byName = (columns: Column[]) =>
  columns.toSorted((one, other) => (one.name < other.name ? -1 : 1))

test('every migration is one that runs', async () => {
  const ran = await ask<{ name: string }>('select name from schema_migrations order by id')
  const { migrations } = await import('../../migrations/index.ts')
  expect(ran.map(({ name }) => name)).toEqual(
    migrations.map((Migration) => new (Migration as never as new () => { name: string })().name),
  )
})

describe('what the database itself enforces', () => {
  test('views look with the rights of whoever asks', async () => {
    const views = await ask<{ name: string; options: string[] | null }>(
      `select relname as name, reloptions as options from pg_class
        where relkind = 'v' and relnamespace = 'public'::regnamespace`,
    )
    expect(views.map(({ name }) => name).toSorted()).toEqual([
      'current_author_months',
      'current_author_rollups',
      'current_author_totals',
      'current_source_rollups',
      'current_source_weeks',
      'current_workspace_hours',
      'current_workspace_rollups',
      'current_workspace_weeks',
      'reddit_posts',
      'tweets',
      'twitch_stream_records',
      'youtube_videos',
    ])
    for (const view of views) expect(view.options).toContain('security_invoker=true')
  })

  test('functions that borrow rights have a search_path of their own, temporary tables last', async () => {
    const borrowing = await ask<{ name: string; settings: string[] | null; open: boolean }>(
      `select proname as name, proconfig as settings,
              exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner)))
                where grantee = 0 and privilege_type = 'EXECUTE') as open
         from pg_proc
        where prosecdef and pronamespace = 'public'::regnamespace`,
    )
    expect(borrowing.length).toBeGreaterThan(0)
    for (const { name, settings, open } of borrowing) {
      expect({ name, settings, open }).toEqual({
        name,
        settings: ['search_path=pg_catalog, public, pg_temp'],
        open: false,
      })
    }
  })

  test('they borrow from a role that owns no table and enters nowhere', async () => {
    const owners = await ask<{ name: string; owner: string }>(
      `select proname as name, pg_get_userbyid(proowner) as owner from pg_proc
        where prosecdef and pronamespace = 'public'::regnamespace`,
    )
    const others = owners.filter(({ owner }) => owner !== 'earshot_system')
    // Making a partition takes the table's owner.
    expect(others.map(({ name }) => name)).toEqual(['ensure_sample_partitions'])
  })

  test.each(['earshot_app', 'earshot_system'])('%s has no way around a policy', async (role) => {
    const [flags] = await ask(
      `select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication
         from pg_roles where rolname = $1`,
      [role],
    )
    expect(new Set(Object.values(flags ?? {}))).toEqual(new Set([false]))
    const owned = await ask(
      `select relname from pg_class
        where relnamespace = 'public'::regnamespace and pg_get_userbyid(relowner) = $1`,
      [role],
    )
    expect(owned).toEqual([])
    const [rights] = await ask(
      `select has_schema_privilege($1, 'public', 'create') as creates,
              exists (select from pg_auth_members m
                where m.member = $1::regrole) as is_member`,
      [role],
    )
    expect(rights).toEqual({ creates: false, is_member: false })
  })
})
