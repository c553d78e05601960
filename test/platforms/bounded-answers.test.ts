import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from '@jest/globals'
import { mostAnswerBytes } from '../../src/platforms/bounded-body.ts'
import { platformIds, platforms } from '../../src/platforms/index.ts'
import { sandboxCredentials } from '../support/stage.ts'
import { all, failureOf, testTools } from './platform-tools.ts'
import { type Reply, type ScriptedServer, scriptedServer } from './scripted-server.ts'

let server: ScriptedServer
afterEach(() => server.close())

const token: Reply = { json: { access_token: 'a', expires_in: 3_600, token_type: 'bearer' } }
/** 64 MB of blanks in 64 KB: unpacked it is more than any answer, and packed it is nothing. */
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '))

/** What the adapter makes of an API that answers all but its token like this. */
async function failureWith(id: (typeof platformIds)[number], reply: Reply, tokenReply = token) {
  server = await scriptedServer(({ url }) => (url.pathname.endsWith('token') ? tokenReply : reply))
  const platform = platforms[id]
  const tools = testTools({ baseUrl: server.url, timeoutMs: 60_000 })
  const adapter = platform.open(sandboxCredentials(id, 'bounded'), tools)
  const handle = platform.handle.parse(platform.handle.example) ?? ''
  return failureOf(all(adapter.resolve([handle])))
}

const tooLarge = { kind: 'changed_shape', message: expect.stringContaining('more than 16 MB') }
/** What lies in the system's buffers and ours when the reader leaves. */
const underway = 8 * 1024 * 1024

describe.each(platformIds)('SEC-25: %s that answers too much', (id) => {
  test('an answer without an end is left in the middle', async () => {
    expect(await failureWith(id, 'endless')).toMatchObject(tooLarge)
    expect(server.poured).toBeLessThan(mostAnswerBytes + underway)
  })

  test('an answer that unpacks to 64 MB is not unpacked to its end', async () => {
    const packed: Reply = { headers: { 'content-encoding': 'gzip' }, text: bomb }
    expect(await failureWith(id, packed)).toMatchObject(tooLarge)
  })

  test.each([200, 500])('%d and packed is read as it was written', async (status) => {
    const text = gzipSync(Buffer.from('<html>'))
    const error = await failureWith(id, { status, headers: { 'content-encoding': 'gzip' }, text })
    expect(error.kind).toBe('unavailable')
  })
})

test.each(['twitch', 'reddit'] as const)(
  'SEC-25: a token of %s without an end is left in the middle',
  async (id) => {
    expect(await failureWith(id, token, 'endless')).toMatchObject(tooLarge)
  },
)
