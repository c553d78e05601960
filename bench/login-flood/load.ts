import { setTimeout as pause } from 'node:timers/promises'

export type Sample = { ms: number; status: number }
type Ask = () => Promise<number>

/**
 * Asks at a fixed pace whatever the answers take, as strangers do. Each is timed from the moment at
 * which it should have left, so that a server that stalls is charged for all who came meanwhile.
 */
export async function atPace(
  perSecond: number,
  seconds: number,
  ask: (n: number) => Promise<number>,
) {
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

async function timed(due: number, ask: Ask): Promise<Sample> {
  const status = await ask().catch(() => 0)
  return { ms: performance.now() - due, status }
}

export type Client = {
  url: string
  token: string
  get: (path: string) => Promise<number>
  login: (login: { email: string; password: string; from: string }) => Promise<Response>
}

export function clientOf(url: string): Client {
  const client: Client = {
    url,
    token: '',
    get: async (path) => {
      const headers = { authorization: `Bearer ${client.token}` }
      const answer = await fetch(`${url}${path}`, { headers })
      await answer.arrayBuffer()
      return answer.status
    },
    login: ({ from, ...login }) =>
      fetch(`${url}/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
        body: JSON.stringify(login),
      }),
  }
  return client
}
