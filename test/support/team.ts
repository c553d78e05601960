import { contextOf } from '../../src/compose.ts'
import { commandOrigin } from '../../src/core/origin.ts'
import { mintInvitationToken } from '../../src/features/workspaces/index.ts'
import { type Answer, callApi, password, type SignedIn, type TestApp } from './app.ts'
import { asOwner } from './servers.ts'

export type MemberRole = 'viewer' | 'editor' | 'owner'
export type Person = SignedIn & {
  userId: string
  /** Their own, personal one. */
  homeId: string
  /** Calls the API in a workspace of their choice. */
  callIn: (workspaceId: string, method: string, path: string, body?: unknown) => Promise<Answer>
}

/** Calls with whatever headers; a Buffer goes as it is, all else as JSON. */
export async function callWith(
  url: string,
  headers: Record<string, string>,
  [method, path, body]: [method: string, path: string, body?: unknown],
): Promise<Answer> {
  const raw = Buffer.isBuffer(body)
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body !== undefined && !raw && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: raw ? new Uint8Array(body) : JSON.stringify(body) }),
  })
  const text = await response.text()
  const json = (response.headers.get('content-type') ?? '').includes('json')
  const parsed = json && text ? parse(text) : text
  return { status: response.status, headers: response.headers, body: parsed as never }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export async function newPerson(app: TestApp): Promise<Person> {
  const person = await app.signIn()
  const me = await person.call('GET', '/api/auth/me')
  const { user, workspace } = me.body as { user: { id: string }; workspace: { id: string } }
  return { ...callsOf(app, person), userId: user.id, homeId: workspace.id }
}

const callsOf = (app: TestApp, { token, email }: { token: string; email: string }) => ({
  token,
  email,
  call: (method: string, path: string, body?: unknown) =>
    callApi(app.url, token, method, path, body),
  callIn: (workspaceId: string, method: string, path: string, body?: unknown) =>
    callWith(app.url, { authorization: `Bearer ${token}`, 'x-workspace': workspaceId }, [
      method,
      path,
      body,
    ]),
})

/** With a session of its own: the clock of a test may have passed the end of the one before. */
export async function signedInAgain(app: TestApp, person: Person): Promise<Person> {
  const { email } = person
  const login = await callApi(app.url, null, 'POST', '/api/auth/login', { email, password })
  if (login.status !== 200) throw new Error(`login answered ${login.status}`)
  const { accessToken } = login.body as { accessToken: string }
  return { ...person, ...callsOf(app, { token: accessToken, email }) }
}

export async function openTeam(owner: Person, name = 'Team'): Promise<string> {
  const { status, body } = await owner.call('POST', '/api/workspaces', { name })
  if (status !== 201) throw new Error(`a workspace answered ${status} ${JSON.stringify(body)}`)
  return (body as { id: string }).id
}

/** Past the invitation, where a test is about something else. */
export const addMember = (app: TestApp, workspaceId: string, userId: string, role: MemberRole) =>
  asOwner(app.ownerUrl, (client) =>
    client.query('insert into memberships values ($1, $2, $3, now())', [workspaceId, userId, role]),
  )

export const contextFor = ({ parts }: TestApp) =>
  contextOf(parts, new AbortController().signal, commandOrigin('test'))

/** What the sender of the invitation's mail would put into its link. */
export async function linkTokenOf(app: TestApp, invitationId: string): Promise<string> {
  const minted = await mintInvitationToken(contextFor(app), invitationId)
  if (!minted) throw new Error('there is no token for this invitation')
  return minted.token
}

/** Rows of a tenant's table as the application sees them in that workspace. */
export const rowsIn = <Row>(
  app: TestApp,
  workspaceId: string,
  statement: string,
  values: unknown[] = [],
): Promise<Row[]> =>
  asOwner(app.ownerUrl, async (client) => {
    await client.query('begin')
    await client.query('set local role earshot_app')
    await client.query("select set_config('app.workspace_id', $1, true)", [workspaceId])
    const { rows } = await client.query(statement, values)
    await client.query('commit')
    return rows as Row[]
  })
