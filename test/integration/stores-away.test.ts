import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/index.ts'
import { createLogger } from '../../src/core/logger.ts'
import { toldWhenAway, whenBack } from '../../src/database/connection-error.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { addProfile } from '../support/stage.ts'

const log = createLogger({ level: 'silent', name: 'test' })
const retry = { attempts: 3, minWaitS: 0, maxWaitS: 0 }
const away = () => Object.assign(new Error('away'), { code: 'ECONNREFUSED' })

describe('a database that is away at the start', () => {
  test('is tried again, and the start goes on when it is back', async () => {
    let tries = 0
    const answer = await whenBack(retry, log, async () => {
      tries += 1
      if (tries < 3) throw away()
      return 'there'
    })
    expect([answer, tries]).toEqual(['there', 3])
  })

  test('is given up after the attempts that were asked for, in a sentence', async () => {
    let tries = 0
    const work = whenBack(retry, log, async () => {
      tries += 1
      throw away()
    })
    await expect(toldWhenAway('postgres://o@db:5432/x', work)).rejects.toThrow(
      'The database o@db:5432/x cannot be used: nothing answers there',
    )
    expect(tries).toBe(4)
  })

  test('a mistake is not tried again', async () => {
    let tries = 0
    const work = whenBack(retry, log, async () => {
      tries += 1
      throw Object.assign(new Error('wrong'), { code: '28P01' })
    })
    await expect(work).rejects.toThrow('wrong')
    expect(tries).toBe(1)
  })
})

describe('a Redis that is away', () => {
  let sandbox: Sandbox
  let app: TestApp

  beforeAll(async () => {
    sandbox = await startSandbox()
    const variables = { REDIS_URL: 'redis://127.0.0.1:1', PLATFORM_URL: sandbox.url }
    app = await startTestApp({ variables })
  })
  afterAll(async () => {
    await app?.close()
    await sandbox?.close()
  })

  test('delays a run and fails nobody’s request: what was asked for is kept and due', async () => {
    const person = await app.signIn()
    const profileId = await addProfile(person, 'twitch', 'away')
    const [source] = await sandbox.world.sources('twitch')
    const added = await person.call('POST', '/api/sources', {
      profileId,
      handles: [source?.handle],
      watch: {},
    })
    expect(added.status).toBe(200)
    const { items } = (await person.call('GET', '/api/jobs')).body as { items: { id: string }[] }
    expect(items).toHaveLength(1)
    const run = await person.call('POST', `/api/jobs/${items[0]?.id}/run`)
    expect(run.status).toBe(200)
    const { nextRunAt } = run.body as { nextRunAt: string }
    expect(Date.parse(nextRunAt)).toBeLessThanOrEqual(Date.now())
    expect((await fetch(`${app.url}/health/ready`)).status).toBe(503)
  })
})
