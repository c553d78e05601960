import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { runCommand } from '../support/command.ts'
import { asOwner } from '../support/servers.ts'
import { chain, openThreads, star, type ThreadWorld } from '../support/written-threads.ts'

let threads: ThreadWorld
let folder: string

beforeAll(async () => {
  threads = await openThreads()
  folder = await mkdtemp(join(tmpdir(), 'earshot-analytics-'))
  await threads.startAfresh()
  // The commands hold no key but the application's.
  await threads.world.client.query(
    `update credential_profiles set key_id = (select key_id from master_keys where key_id <> 't')`,
  )
  await threads.write(star(3))
  await threads.write(chain(8))
})
afterAll(async () => {
  await threads?.close()
  await rm(folder, { recursive: true, force: true })
})

/** `npm run earshot -- ...`, in a process of its own. */
async function earshot(args: string[], variables: Record<string, string> = {}) {
  const { code, out, err } = await runCommand(
    args,
    {
      DATABASE_URL: threads.app.ownerUrl,
      DATA_DIR: threads.app.parts.config.dataFolder,
      CLOCK_AT: '2026-11-20T12:00:00Z',
      ...variables,
    },
    folder,
  )
  return { code, out: out.trim(), err: err.trim() }
}

describe('what threads tell', () => {
  test('comments recompute takes their shapes, in words and as JSON', async () => {
    expect(await earshot(['comments', 'recompute'])).toEqual({
      code: 0,
      out: '2 threads have their shape anew',
      err: '',
    })
    const { out } = await earshot(['comments', 'recompute', '--json'])
    expect(JSON.parse(out)).toEqual({ threads: 2 })
  })

  test('comment-depths: the spread, and the deepest first', async () => {
    await threads.shapeAll()
    const { code, out } = await earshot(['comment-depths', '--limit', '1'])
    expect(code).toBe(0)
    expect(out).toMatch(/^2 threads +mean +median +max$/m)
    expect(out).toMatch(/^depth +4\.00 +4\.00 +7\.00$/m)
    expect(out).toMatch(/^\d+ +reddit +7 +7 +1 +3\.00 +0 +Thread t\d+$/m)
    expect(out).not.toMatch(/^\d+ +reddit +2 /m)
    const told = JSON.parse((await earshot(['comment-depths', '--json'])).out)
    expect(told).toMatchObject({ threads: 2, deepest: [{ depth: 7 }, { depth: 1 }] })
    const others = await earshot(['comment-depths', '--platform', 'youtube'])
    expect(others.out).toContain('No thread of this time was read')
  })

  test('viral-chains: those that are long and engaging enough', async () => {
    await threads.shapeAll()
    const asked = ['viral-chains', '--min-depth', '5', '--min-engagement', '7']
    const { code, out } = await earshot(asked)
    expect(code).toBe(0)
    expect(out).toMatch(/^\d+ +reddit +7 +7 +– +text of t\d+\.\S+$/m)
    expect(JSON.parse((await earshot([...asked, '--json'])).out).items).toMatchObject([
      { depth: 7, engagement: 7 },
    ])
    expect((await earshot(['viral-chains'])).out).toBe(
      'No chain of 5 replies and 100 engagement in this time.',
    )
  })
})

describe('the sums under analytics', () => {
  test('are rebuilt and checked, in words and as JSON', async () => {
    const { workspaceId } = threads.world
    expect(await earshot(['rollups', 'rebuild'])).toEqual({
      code: 0,
      out: '1 workspaces were counted anew',
      err: '',
    })
    expect(JSON.parse((await earshot(['rollups', 'rebuild', '--json'])).out)).toEqual({
      workspaces: 1,
    })
    const checked = await earshot(['rollups', 'check'])
    expect(checked).toMatchObject({ code: 0, err: '' })
    expect(checked.out).toMatch(/^workspace \d+: [1-9]\d* rows, as counted anew$/)
    const told = JSON.parse((await earshot(['rollups', 'check', '--json'])).out)
    expect(told).toMatchObject({ workspaceId, differences: 0 })
  })

  test('that are wrong are found, told by exit code 1, and right after a rebuild', async () => {
    await earshot(['rollups', 'rebuild'])
    await asOwner(threads.app.ownerUrl, async (client) => {
      await client.query('alter table workspace_rollups no force row level security')
      await client.query('update workspace_rollups set posts = posts + 1')
      await client.query('alter table workspace_rollups force row level security')
    })
    const wrong = await earshot(['rollups', 'check'])
    expect([wrong.code, wrong.out]).toEqual([1, expect.stringMatching(/ [1-9]\d* rows differ$/)])
    await earshot(['rollups', 'rebuild'])
    expect(await earshot(['rollups', 'check'])).toMatchObject({ code: 0 })
  })
})

test('model show says what scores, as JSON too', async () => {
  const words = await earshot(['model', 'show'])
  expect(words).toMatchObject({ code: 0, err: '' })
  const told = JSON.parse((await earshot(['model', 'show', '--json'])).out)
  expect(told).toMatchObject({ name: expect.any(String), maxTokens: expect.any(Number) })
  expect(words.out).toContain(told.weights)
})

describe('what makes no sense is refused in a sentence', () => {
  test.each([
    [['comment-depths', '--workspace', '999999']],
    [['viral-chains', '--workspace', 'x']],
    [['comments', 'recompute', '--workspace', '999999']],
    [['comment-depths', '--days', '0']],
    [['comment-depths', '--limit', '11']],
    [['comment-depths', '--platform', 'myspace']],
    [['viral-chains', '--min-depth', 'five']],
    [['viral-chains', '--min-engagement', '-1']],
    [['rollups', 'check', '--all']],
    [['rollups', 'mend']],
    [['comments']],
    [['model', 'fetch', 'org/none'], { MODEL_HUB_URL: 'http://127.0.0.1:1' }],
    [['model', 'fetch', '../../etc']],
    [
      ['rollups', 'check'],
      { DATABASE_URL: 'postgresql://127.0.0.1:1/none', DB_RETRY_ATTEMPTS: '0' },
    ],
  ])('%j', async (args, variables: Record<string, string> = {}) => {
    const { code, out, err } = await earshot(args, variables)
    expect([1, 2]).toContain(code)
    expect(out).toBe('')
    expect(err).not.toBe('')
    expect(err).not.toContain('    at ')
  })
})
