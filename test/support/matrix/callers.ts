import { createHash, randomBytes } from 'node:crypto'
import { startTestApp, type TestApp } from '../app.ts'
import { asOwner } from '../servers.ts'
import { addMember, newPerson, openTeam, type Person } from '../team.ts'

/** Everybody who knocks at every route. Whoever has a token made it as the team's owner. */
export const callers = [
  'anonymous',
  'ended session',
  'disabled person',
  'stranger',
  'viewer',
  'editor',
  'owner',
  'admin',
  'read token',
  'write token',
  'export token',
  'admin token',
] as const
export type CallerName = (typeof callers)[number]

/** The ids in a path, or what else names an object. */
export type Params = Record<string, string>

export type Caller = { name: CallerName; authorization: string | null; person: Person | null }

/** One team with a member of each role, and a neighbour's, in which nobody of them is a member. */
export type World = {
  app: TestApp
  team: string
  owner: Person
  elsewhere: string
  neighbour: Person
  /** The same one each time, or a new one, where the request ends what the caller is. */
  caller: (name: CallerName, fresh: boolean) => Promise<Caller>
  /** Objects that were made before, by what they are and whose. */
  made: Map<string, Promise<Params>>
  close: () => Promise<void>
}

export async function openWorld(): Promise<World> {
  // A closed port: what needs a platform says that it is away, and waits for nobody.
  const app = await startTestApp({ variables: { PLATFORM_URL: 'http://127.0.0.1:9' } })
  const owner = await newPerson(app)
  const team = await openTeam(owner)
  const neighbour = await newPerson(app)
  const elsewhere = await openTeam(neighbour, 'Elsewhere')
  const world = { app, team, owner, elsewhere, neighbour }
  const known = new Map<CallerName, Caller>()
  return {
    ...world,
    made: new Map(),
    caller: async (name, fresh) => {
      const caller = (!fresh && known.get(name)) || (await newCaller(world, name))
      if (!fresh) known.set(name, caller)
      return caller
    },
    close: app.close,
  }
}

type Base = Pick<World, 'app' | 'team'>

async function newCaller(world: Base, name: CallerName): Promise<Caller> {
  if (name === 'anonymous') return { name, authorization: null, person: null }
  const person = await newPerson(world.app)
  await settle(world, name, person)
  const scopes = scopesOf[name]
  const token = scopes ? await newToken(world, person, scopes) : person.token
  return { name, authorization: `Bearer ${token}`, person }
}

const scopesOf: Partial<Record<CallerName, string[]>> = {
  'read token': ['read'],
  'write token': ['write'],
  'export token': ['export'],
  'admin token': ['read', 'write', 'export'],
}

/** Whoever was ended or disabled was an owner: nothing else keeps them out. */
async function settle({ app, team }: Base, name: CallerName, person: Person): Promise<void> {
  const { userId } = person
  const sql = (statement: string) =>
    asOwner(app.ownerUrl, (client) => client.query(statement, [userId]))
  const role = name === 'viewer' || name === 'editor' ? name : 'owner'
  if (name !== 'stranger' && name !== 'admin') await addMember(app, team, userId, role)
  if (name === 'ended session') await person.call('POST', '/api/auth/logout')
  if (name === 'disabled person') await sql('update users set is_active = false where id = $1')
  if (name === 'admin' || name === 'admin token') {
    await sql("update users set role = 'admin' where id = $1")
  }
}

/** As an API token is kept: the routes that make them have rows of their own. */
async function newToken({ app, team }: Base, { userId }: Person, scopes: string[]) {
  const token = `esk_${randomBytes(32).toString('base64url')}`
  const hash = createHash('sha256').update(token).digest('base64url')
  await asOwner(app.ownerUrl, (client) =>
    client.query(
      `insert into api_tokens (user_id, workspace_id, name, scopes, token_hash, hint, created_at)
        values ($1, $2, 'matrix', $3, $4, 'abcd', now())`,
      [userId, team, scopes, hash],
    ),
  )
  return token
}
