import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'

let app: TestApp
let mine: Collected
let folder: string

const now = new Date('2026-11-20T12:34:20Z')
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString()

beforeAll(async () => {
  app = await startTestApp()
  folder = await mkdtemp(join(tmpdir(), 'earshot-hashtags-'))
  mine = await collectedBy(app, await app.signIn())
  const source = await mine.source('twitter', 'ada')
  // The commands hold no key but the application's.
  await mine.client.query(
    `update credential_profiles set key_id = (select key_id from master_keys where key_id <> 't')`,
  )
  for (let n = 0; n < 12; n++) {
    await mine.post(source, { published_at: ago(n), tags: n < 8 ? ['tea', 'biscuit'] : ['tea'] })
  }
  await mine.post(source, { published_at: ago(1_500), tags: ['tea', 'old'] })
})
afterAll(async () => {
  await mine?.close()
  await app?.close()
  await rm(folder, { recursive: true, force: true })
})

const { PATH = '' } = process.env

/** `npm run earshot -- ...`, in a process of its own. */
async function earshot(...args: string[]) {
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
        CLOCK_AT: now.toISOString(),
      },
    },
  )
  const closed = new Promise<number | null>((done) => child.once('close', done))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await closed, out: out.trim(), err: err.trim() }
}

test('trending, synced first, as a table and as JSON', async () => {
  const table = await earshot('trending', '--window', '60', '--k', '10', '--sync')
  expect(table).toMatchObject({ code: 0, err: '' })
  expect(table.out).toMatch(
    /^\d+ hours were counted anew\.\nhashtag +posts\n─+ +─+\n#tea +12\n#biscuit +8$/,
  )
  const { out } = await earshot('trending', '--sync', '--sync-minutes', '120', '--json')
  expect(JSON.parse(out)).toMatchObject({
    hashtags: [
      { hashtag: 'tea', count: 12 },
      { hashtag: 'biscuit', count: 8 },
    ],
    window_minutes: 60,
    total_count: 2,
    store: 'postgres',
    synced: { hours: 1 },
  })
})

test('one platform alone, and the zone in which --surprise speaks', async () => {
  for (const command of ['trending', 'top-hashtags', 'fastest-growing']) {
    const of = async (platform: string) =>
      JSON.parse((await earshot(command, '--platform', platform, '--json')).out).total_count
    expect([command, await of('youtube')]).toEqual([command, 0])
    expect([command, await of('twitter')]).not.toEqual([command, 0])
  }
  const zoned = await earshot('trending', '--surprise', '--zone', 'Asia/Kolkata')
  expect(zoned).toMatchObject({ code: 0, err: '' })
})

test('recommend, top-hashtags, fastest-growing', async () => {
  const recommended = await earshot('recommend', '--hashtag', '#Tea', '--min-rate', '0.1')
  expect(recommended.out).toMatch(/#biscuit +0\.615 +0\.\d+ +0\.\d+ +8 +1\.00/)
  const top = JSON.parse((await earshot('top-hashtags', '--limit', '2', '--json')).out)
  expect(top).toMatchObject({ hashtags: [{ hashtag: 'tea', count: 13 }, { count: 8 }], limit: 2 })
  const growing = await earshot('fastest-growing', '--hours', '24', '--limit', '15')
  expect(growing.out).toMatch(/#tea +12 +1 +12\.0 +\d/)
})

test('what makes no sense is refused in a sentence', async () => {
  for (const args of [
    ['trending', '--window', '0'],
    ['trending', '--zone', 'Mars/Olympus'],
    ['trending', '--platform', 'myspace'],
    ['recommend', '--hashtag', '#'],
    ['fastest-growing', '--hours', 'day'],
    ['top-hashtags', '--workspace', '999999'],
  ]) {
    const { code, err } = await earshot(...args)
    expect(code).not.toBe(0)
    expect(err).not.toContain('    at ')
  }
})
