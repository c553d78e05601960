import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

let child: ReturnType<typeof spawn> | null = null
afterEach(() => child?.kill('SIGKILL'))

test('as a process: one line when ready, and SIGTERM ends it although a call hangs', async () => {
  const started = spawn(process.execPath, [resolve('sandbox/main.ts')], {
    env: { SANDBOX_PORT: '0', SANDBOX_NOW: '2026-11-20T12:00:00Z', SANDBOX_SPEED: '10' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child = started
  const [line] = (await once(started.stdout, 'data')) as [Buffer]
  const { sandbox, url } = JSON.parse(line.toString()) as { sandbox: string; url: string }
  expect([sandbox, new URL(url).hostname]).toEqual(['listening', '127.0.0.1'])
  const world = (await (await fetch(`${url}/__sandbox/world`)).json()) as object
  expect(world).toMatchObject({
    speed: 10,
    sources: { twitch: 150, twitter: 120, youtube: 100, reddit: 80 },
  })
  await fetch(`${url}/__sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'hang' }),
  })
  const hanging = fetch(`${url}/2/tweets?ids=1`).catch(() => 'ended')
  const ended = once(started, 'exit')
  started.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  expect(await hanging).toBe('ended')
})
