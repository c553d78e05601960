import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { EntityManager } from '@mikro-orm/postgresql'
import { checkRollups } from '../../src/features/rollups/index.ts'
import { callApi, openTestAccount, password, startTestApp, type TestApp } from '../support/app.ts'
import { asOwner } from '../support/servers.ts'

jest.setTimeout(240_000)

/** Of `seed --users 50 --posts 500`: another one means that everybody's seeded worlds have changed. */
const expected = 'ac365d4a32c85dfa5511ed217dc2d5e435c2bcf6e0edfbd4c154c219887d929c'
const small = ['--users', '50', '--posts', '500', '--digest', '--json']
const email = 'ada@seeded.example'

let app: TestApp
let folder: string
let token: string
let workspaceId: string
beforeAll(async () => {
  app = await startTestApp({ clock: { now: () => new Date('2026-01-01T00:00:00Z') } })
  await openTestAccount(app.parts, { email })
  folder = await mkdtemp(join(tmpdir(), 'earshot-seed-'))
})
afterAll(async () => {
  await app?.close()
  await rm(folder, { recursive: true, force: true })
})

const { PATH = '' } = process.env

/** `npm run earshot -- ...`, in a process of its own. */
async function earshot(args: string[], machine: Record<string, string> = {}) {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', resolve('src/cli/main.ts'), ...args],
    {
      cwd: folder,
      env: {
        PATH,
        NODE_ENV: 'test',
        DATABASE_URL: app.ownerUrl,
        DATA_DIR: app.parts.config.dataFolder,
        ...machine,
      },
    },
  )
  const closed = new Promise<number | null>((done) => child.once('close', done))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await closed, out: out.trim(), err: err.trim() }
}

const call = async <T>(path: string): Promise<T> => {
  const answer = await fetch(`${app.url}${path}`, {
    headers: { authorization: `Bearer ${token}`, 'x-workspace': workspaceId },
  })
  expect([path, answer.status]).toEqual([path, 200])
  return (await answer.json()) as T
}

test('a small world has the digest that it always has', async () => {
  const ran = await earshot(['seed', ...small], { TZ: 'UTC', LANG: 'C' })
  expect(ran).toMatchObject({ code: 0, err: '' })
  const told = JSON.parse(ran.out)
  expect(told).toMatchObject({
    sources: 8,
    authors: 50,
    posts: 500,
    comments: 250,
    sha256: expected,
  })
  workspaceId = told.workspaceId
  const login = await callApi(app.url, null, 'POST', '/api/auth/login', { email, password })
  token = (login.body as { accessToken: string }).accessToken
})

test('what is there is not written over unasked', async () => {
  const again = await earshot(['seed', ...small])
  expect(again).toMatchObject({ code: 1, out: '' })
  expect(again.err).toMatch(/seeded already.*--replace.*Nothing was changed/)
})

test('the world is the same in another zone and language, and written anew', async () => {
  const machine = { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }
  const ran = await earshot(['seed', ...small, '--replace', '--workspace', 'Seeded'], machine)
  expect(ran).toMatchObject({ code: 0, err: '' })
  expect(JSON.parse(ran.out)).toMatchObject({ workspaceId, posts: 500, sha256: expected })
})

test('the owner sees it, under every analytic, and nothing of it is ever collected', async () => {
  const overview = await call<{ users: { post_count: number }[]; total_count: number }>(
    '/api/reports/top-users?limit=100',
  )
  expect(overview.users.reduce((sum, { post_count: posts }) => sum + posts, 0)).toBe(500)
  const top = await call<{
    categories: { category: string }[]
    coverage: { ratio: number; gaps: number }
  }>('/api/analytics/categories/top?days=90')
  expect(top.categories).toHaveLength(8)
  expect(top.coverage.gaps).toBe(2)
  expect(top.coverage.ratio).toBeGreaterThan(0.99)
  const profiles = await call<{ items: { state: string; stateReason: string }[] }>('/api/profiles')
  expect(profiles.items.map(({ state }) => state)).toEqual(['disabled', 'disabled', 'disabled'])
  const { items } = await call<{ items: { isActive: boolean }[] }>('/api/jobs')
  expect(items.filter(({ isActive }) => isActive)).toEqual([])
})

test('rollups equal a recount, and no sample lies outside its month', async () => {
  const em = app.parts.database.orm.em.fork() as EntityManager
  expect(await checkRollups(em, workspaceId)).toMatchObject({ differences: 0 })
  const [row] = await asOwner(app.ownerUrl, async (client) => {
    await client.query('set role earshot_app')
    await client.query(`select set_config('app.workspace_id', $1, false)`, [workspaceId])
    return (
      await client.query(`select (select count(*)::int from post_samples_default) as lost,
        (select count(*)::int from post_samples) as samples,
        (select count(*)::int from thread_shapes) as threads`)
    ).rows
  })
  expect(row).toMatchObject({ lost: 0 })
  expect(row.samples).toBeGreaterThan(5_000)
  expect(row.threads).toBeGreaterThan(50)
})

test('top-users prints them', async () => {
  const json = await earshot(['top-users', '--workspace', 'Seeded', '--limit', '3', '--json'])
  expect(JSON.parse(json.out)).toMatchObject({ limit: 3, users: [{}, {}, {}] })
  const table = await earshot(['top-users', '--workspace', workspaceId, '--platform', 'youtube'])
  expect(table.out).toMatch(/^User\s+Platform\s+Engagement\s+Posts\s+A post/)
  expect(
    table.out
      .split('\n')
      .slice(2)
      .every((line) => line.includes('youtube')),
  ).toBe(true)
})

test('a workspace with data of its own is left alone, whatever is said', async () => {
  const { rows } = await asOwner(app.ownerUrl, (client) =>
    client.query(`select min(id)::text as id from workspaces`),
  )
  const own = rows[0].id as string
  await asOwner(app.ownerUrl, async (client) => {
    await client.query('set role earshot_app')
    await client.query(`select set_config('app.workspace_id', $1, false)`, [own])
    await client.query(
      `insert into credential_profiles (workspace_id, platform, name, key_id, wrapped_key,
         sealed_fields, hints, created_at, updated_at)
       select $1, 'twitter', 'mine', key_id, '\\x00', '{}', '{}', now(), now() from master_keys`,
      [own],
    )
  })
  const ran = await earshot(['seed', ...small, '--replace', '--workspace', own])
  expect(ran).toMatchObject({ code: 1, out: '' })
  expect(ran.err).toMatch(/data of its own.*Nothing was changed/)
})

test.each([
  [['--users', '3'], /whole number from 10/],
  [['--epoch', 'yesterday'], /2026-01-01T00:00:00Z/],
  [['--shape', 'village'], /community, newsroom/],
  [['--workspace', '4711'], /no workspace '4711'/],
])('%j is refused in words', async (args, words) => {
  const ran = await earshot(['seed', ...(args as string[])])
  expect(ran.code).toBe(1)
  expect(ran.err).toMatch(words as RegExp)
})
