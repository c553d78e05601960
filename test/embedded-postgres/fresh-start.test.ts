import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { EmbeddedPostgres } from '../../src/database/embedded/index.ts'
import { cleanUp, makeFolder, open, query, readPid } from './fixtures.ts'

let folder: string
let postgres: EmbeddedPostgres
const asOwner = (sql: string) => query(postgres.ownerUrl, sql)
const asApp = (sql: string) => query(postgres.appUrl, sql)

beforeAll(async () => {
  folder = await makeFolder()
  postgres = await open(folder)
})
afterAll(async () => {
  await postgres.close()
  await cleanUp()
})

describe('roles', () => {
  test('no role of ours is a superuser or gets around row-level security', async () => {
    const sql = `select rolname from pg_roles where rolname like 'earshot%'
      and not (rolsuper or rolbypassrls or rolreplication) order by 1`
    const names = (await asOwner(sql)).map((row) => row.rolname)
    expect(names).toEqual(['earshot_app', 'earshot_owner', 'earshot_system'])
  })

  test('forced row-level security holds for the application and for the owner', async () => {
    await asOwner(`
      create table notes (workspace_id bigint, body text);
      insert into notes values (1, 'ours'), (2, 'theirs');
      alter table notes enable row level security, force row level security;
      create policy own on notes
        using (workspace_id = current_setting('app.workspace_id', true)::bigint);
      grant select on notes to earshot_app`)
    const inWorkspace = (url: string) =>
      query(`${url}?options=-c%20app.workspace_id=1`, 'select body from notes')
    expect(await inWorkspace(postgres.appUrl)).toEqual([{ body: 'ours' }])
    expect(await asApp('select body from notes')).toEqual([])
    expect(await asOwner('select body from notes')).toEqual([])
    expect(await inWorkspace(postgres.ownerUrl)).toEqual([{ body: 'ours' }])
    await expect(asApp('set row_security = off; select body from notes')).rejects.toThrow(/policy/)
  })

  test('the application role owns nothing and cannot become anybody', async () => {
    await expect(asApp('create table mine (a int)')).rejects.toThrow(/permission denied/)
    await expect(asApp('set role earshot_owner')).rejects.toThrow(/permission denied/)
    await expect(asApp('set role earshot_system')).rejects.toThrow(/permission denied/)
    await expect(asApp('alter role earshot_app bypassrls')).rejects.toThrow(/permission denied/)
  })

  test('the owner can do what migrations and tests need', async () => {
    await asOwner('create extension pg_trgm; create extension btree_gin; create extension citext')
    await asOwner(`
      create schema narrow; grant create, usage on schema narrow to earshot_system;
      create function narrow.one() returns int language sql security definer return 1;
      alter function narrow.one() owner to earshot_system;
      revoke create on schema narrow from earshot_system`)
    await asOwner('create database copied template template0')
    await asOwner('drop database copied with (force)')
  })
})

test('sorts and changes case the same on every machine, in UTF-8', async () => {
  const [row] = await asOwner(`select upper('é') as upper, 'Z' < 'a' as by_code_point,
    current_setting('server_encoding') as encoding, current_setting('timezone') as zone`)
  expect(row).toEqual({ upper: 'É', by_code_point: true, encoding: 'UTF8', zone: 'UTC' })
})

test('listens on this machine only and asks for the password', async () => {
  expect(await asOwner('show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
  const wrong = postgres.appUrl.replace(/:[^:@]+@/, ':wrong@')
  await expect(query(wrong, 'select 1')).rejects.toThrow(/password authentication failed/)
})

test('a restart keeps the port, the passwords and the data, and leaves nothing running', async () => {
  await asOwner('create table kept as select 42 as answer')
  await postgres.close()
  await postgres.close()
  expect(await readPid(folder)).toBe(0)
  expect(await readdir(join(folder, 'leases'))).toEqual([])
  const { appUrl } = postgres
  postgres = await open(folder)
  expect(postgres).toMatchObject({ appUrl, joined: false })
  expect(await asOwner('select answer from kept')).toEqual([{ answer: 42 }])
})
