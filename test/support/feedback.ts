import { contextOf } from '../../src/compose.ts'
import { taskOrigin } from '../../src/core/origin.ts'
import { readScreenshots } from '../../src/features/feedback/index.ts'
import { openGuardedClient } from '../../src/outgoing/guarded-client.ts'
import type { Answer, SignedIn, TestApp } from './app.ts'
import { asOwner } from './servers.ts'

export type Told = {
  id: string
  status: string
  title: string
  browserInfo: string | null
  satisfaction: number | null
  feature: string | null
  featureRating: number | null
  resolution: string | null
  resolvedAt: string | null
  screenshot: { state: string; reason: string | null; width: number; height: number } | null
}

export const bug = { type: 'bug', title: 'It does not load', description: 'Nothing happens.' }

/** Writes a feedback and gives what was answered. */
export async function tell(person: SignedIn, more: object = {}): Promise<Told> {
  const answer = await person.call('POST', '/api/feedback', { ...bug, ...more })
  if (answer.status !== 201) throw new Error(`feedback answered ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** Sends a file as the body of a request. */
export async function putFile(
  app: TestApp,
  { token }: Pick<SignedIn, 'token'>,
  id: string,
  bytes: Uint8Array | ReadableStream,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${app.url}/api/feedback/${id}/screenshot`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'image/png', ...headers },
    body: bytes as never,
    duplex: 'half',
  } as RequestInit)
  const body = await response.json()
  return { status: response.status, headers: response.headers, body: body as never }
}

/** Does what the worker does: reads all that wait, and asks the world only where a test says so. */
export const readAll = (
  app: TestApp,
  world: Partial<Parameters<typeof openGuardedClient>[0]> = {},
) =>
  readScreenshots(
    contextOf(app.parts, new AbortController().signal, taskOrigin('media/read-screenshots')),
    openGuardedClient({ log: app.parts.log, ...world }),
  )

/** A person whom the operator has made an administrator. */
export async function signInAdmin(app: TestApp): Promise<SignedIn & { id: string }> {
  const person = await app.signIn()
  const { rows } = await asOwner(app.ownerUrl, (client) =>
    client.query(`update users set role = 'admin' where email = $1 returning id`, [person.email]),
  )
  return { ...person, id: rows[0].id }
}
