import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

export type Sample = { ms: number; status: number }
type Ask = (n: number) => Promise<number>

/**
 * Asks at a fixed pace whatever the answers take, as strangers do. Each is timed from the moment at
 * which it should have left, so that a server that stalls is charged for all who came meanwhile.
 */
export async function atPace(perSecond: number, seconds: number, ask: Ask): Promise<Sample[]> {
  const started = performance.now()
  const running: Promise<Sample>[] = []
  const all = Math.round(perSecond * seconds)
  for (let n = 0; n < all; n += 1) {
    const due = started + (n * 1_000) / perSecond
    const early = due - performance.now()
    if (early > 0) await pause(early)
    running.push(timed(due, () => ask(n)))
  }
  return Promise.all(running)
}

async function timed(due: number, ask: () => Promise<number>): Promise<Sample> {
  const status = await ask().catch(() => 0)
  return { ms: performance.now() - due, status }
}

type Login = { email: string; password: string; from: string }

/** Statuses of answers read to their end. Plain HTTP: the asking itself must cost little. */
export type Client = {
  get: (path: string, token: string) => Promise<number>
  login: (login: Login) => Promise<{ status: number; body: string }>
}

export function clientOf(url: string): Client {
  const agent = new Agent({ keepAlive: true })
  const send = (method: string, path: string, headers: Record<string, string>, body?: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>()
    const sent = request(`${url}${path}`, { agent, method, headers }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
    return promise
  }
  return {
    get: async (path, token) =>
      (await send('GET', path, { authorization: `Bearer ${token}` })).status,
    login: ({ from, ...login }) => {
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': from }
      return send('POST', '/api/auth/login', headers, JSON.stringify(login))
    },
  }
}
