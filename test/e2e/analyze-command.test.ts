import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'

let app: TestApp
let collected: Collected
let folder: string
let channel: string
let empty: string

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()

beforeAll(async () => {
  app = await startTestApp()
  folder = await mkdtemp(join(tmpdir(), 'earshot-analyze-'))
  collected = await collectedBy(app, await app.signIn())
  const other = await collectedBy(app, await app.signIn())
  empty = other.workspaceId
  await other.close()
  channel = await collected.source('youtube', 'ada')
  await collected.source('twitch', 'live')
  // A command starts with the installation's own key and no other.
  await collected.client.query(
    `update credential_profiles set key_id = (select key_id from master_keys where key_id <> 't')`,
  )
  for (let index = 1; index <= 10; index++) {
    await collected.post(channel, {
      published_at: daysAgo(index - 0.5),
      title: index === 7 ? 'red \u001b[31malert' : `video ${index}`,
      views: 1_000,
      likes: 10 * index,
      scores: index <= 4 ? [0.7, 0.2, 0.1, -0.6] : [0.1, 0.1, 0.8, 0.7],
    })
  }
})
afterAll(async () => {
  await collected?.close()
  await app?.close()
  await rm(folder, { recursive: true, force: true })
})

const { PATH = '' } = process.env

/** `npm run earshot -- analyze ...`, in a process of its own. */
async function analyze(...args: string[]) {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', resolve('src/cli/main.ts'), 'analyze', ...args],
    {
      cwd: folder,
      env: {
        PATH,
        NODE_ENV: 'test',
        DATABASE_URL: app.ownerUrl,
        DATA_DIR: app.parts.config.dataFolder,
      },
    },
  )
  const closed = new Promise<number | null>((done) => child.once('close', done))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await closed, out, err }
}
const here = () => ['--workspace', collected.workspaceId]

test('tells a person what there is, and what is not known', async () => {
  const { code, out } = await analyze(...here())
  expect(code).toBe(0)
  expect(out).toMatch(/^youtube +1 +10 +0 +10 /m)
  // 550 likes of ten posts of a thousand views: the mean of their rates.
  expect(out).toMatch(/^youtube +10,000 +550 +55\.0 +– +5\.500 /m)
  expect(out).toMatch(/^youtube +10 +40\.0 % +0\.0 % +60\.0 % +−{10}\+{14} +0\.18 \(.*, few\)$/m)
  expect(out).toMatch(/^youtube +·*[▁▂▃▄▅▆▇█·]+ /m)
  expect(out).toContain('youtube: 0 posts are too few to tell good hours from luck.')
  expect(out).toMatch(/^youtube +100 .*video 10$/m)
  expect(out).toMatch(/^youtube: .*er by reach/m)
  expect(out).toMatch(/^twitch: .*\(no /m)
  // No platform that is not watched, and nothing that steers the terminal.
  expect(out).not.toMatch(/^(reddit|twitter) /m)
  expect(out).not.toContain('\u001b')
})

test('--json is the report of the API with the best times', async () => {
  const { code, out } = await analyze(...here(), '--json', '--days', '7', '--platform', 'youtube')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    version: 1,
    request: { platforms: ['youtube'], zone: 'UTC' },
    platforms: [
      {
        platform: 'youtube',
        analytics: { posts: 7 },
        postingTimes: { reason: 'too_few_posts', best: null },
      },
    ],
  })
})

test('where nothing is watched it says so', async () => {
  const { code, out } = await analyze('--workspace', empty)
  expect([code, out]).toEqual([0, expect.stringContaining('Nothing is watched here yet')])
})

test.each([
  [['--platform', 'myspace'], 'Allowed choices are twitch'],
  [['--zone', 'Mars/Olympus'], 'zone'],
  [['--days', '0'], 'whole number'],
  [['--source', 'x'], 'digits only'],
])('what is wrong is named: %j', async (args, word) => {
  const { code, err } = await analyze(...here(), ...args)
  expect([code, err]).toEqual([1, expect.stringContaining(word)])
})
