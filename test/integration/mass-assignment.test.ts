import { expectNothingWritten } from '../support/household.ts'
import { type MadeRequest, rightRequest, send } from '../support/matrix/ask.ts'
import { openWorld, type World } from '../support/matrix/callers.ts'
import { type AskedRoute, askedRoutes } from '../support/matrix/routes.ts'
import { faultsOf } from '../support/problems.ts'
import { asOwner } from '../support/servers.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.close())

const withBody = askedRoutes().filter(([, { hasBody }]) => hasBody)

/** What would make somebody more than they are, or something another's. */
const wishes: Record<string, unknown> = {
  id: '1',
  role: 'admin',
  roles: ['admin'],
  is_admin: true,
  isAdmin: true,
  user_id: '1',
  userId: '1',
  owner_id: '1',
  workspace_id: '1',
  workspaceId: '1',
  is_verified: true,
  isVerified: true,
  is_active: true,
  isActive: true,
  email_verified: true,
  password_hash: 'x',
  passwordHash: 'x',
  key_id: 'x',
  state: 'active',
  created_at: '2020-01-01T00:00:00Z',
  expiresAt: '2099-01-01T00:00:00Z',
  toString: 'x',
  hasOwnProperty: 'x',
}

/** Texts, because a parser makes an own field of what a literal would make a prototype of. */
const pollutions = [
  '{"__proto__":{"isAdmin":true}}',
  '{"__proto__":null}',
  '{"constructor":{"prototype":{"isAdmin":true}}}',
  '{"prototype":{"isAdmin":true}}',
]

/** Everything that says who somebody is, what they may, and whose a workspace is. */
const rights = () =>
  asOwner(world.app.ownerUrl, async (client) => {
    const { rows } = await client.query(
      `select (select json_agg(u order by id) from users u) as users,
         (select json_agg(m order by workspace_id, user_id) from memberships m) as memberships,
         (select json_agg(w order by id) from workspaces w) as workspaces,
         (select json_agg(t.scopes order by id) from api_tokens t) as scopes`,
    )
    return rows
  })

async function expectNoEffect(work: () => Promise<void>): Promise<void> {
  const before = await rights()
  await expectNothingWritten(world, work)
  expect(await rights()).toEqual(before)
}

const right = async (route: AskedRoute): Promise<MadeRequest> => {
  const request = await rightRequest(route, world)
  if (!request) throw new Error('a route with a body has somebody who may ask it')
  return request
}
const bodyOf = ({ body }: MadeRequest) => body as Record<string, unknown>

/** The objects inside a body, by their pointer. */
const innerObjects = (body: object, pointer = ''): [pointer: string, inner: object][] =>
  Object.entries(body).flatMap(([key, value]) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
    const here = `${pointer}/${key}`
    return [[here, value] as [string, object], ...innerObjects(value, here)]
  })

async function wishAtTheTop(request: MadeRequest, { fields }: AskedRoute): Promise<void> {
  for (const [name, value] of Object.entries(wishes)) {
    if (fields.includes(name)) continue
    const answer = await send(world, { ...request, body: { ...bodyOf(request), [name]: value } })
    expect([name, faultsOf(answer, [400], `body/${name}`)]).toEqual([name, []])
  }
}

async function wishInside(request: MadeRequest): Promise<void> {
  for (const [pointer] of innerObjects(bodyOf(request))) {
    const body = structuredClone(bodyOf(request))
    const inner = pointer
      .split('/')
      .slice(1)
      .reduce<object>((at, key) => (at as Record<string, object>)[key] ?? {}, body)
    Object.assign(inner, { isAdmin: 'true' })
    const answer = await send(world, { ...request, body })
    expect([pointer, faultsOf(answer, [400], `body${pointer}/isAdmin`)]).toEqual([pointer, []])
  }
}

async function pollute(request: MadeRequest): Promise<void> {
  const [first = 'x'] = Object.keys(bodyOf(request))
  for (const text of pollutions) {
    const own = JSON.parse(text) as object
    const bodies = [
      { ...bodyOf(request), ...own },
      { ...bodyOf(request), [first]: own },
      { ...bodyOf(request), [first]: [{ deep: [own] }] },
    ]
    for (const body of bodies) {
      const answer = await send(world, { ...request, body })
      expect([text, faultsOf(answer, [400], 'body')]).toEqual([text, []])
    }
  }
}

describe('SEC-13: no body makes anybody more than they are', () => {
  test('every route that takes a body is here', () => {
    expect(withBody.length).toBeGreaterThan(20)
    const blind = withBody.filter(([, { fields }]) => fields.length === 0)
    expect(blind.map(([name]) => name)).toEqual([])
  })

  test.each(withBody)('%s', async (_name, route) => {
    const request = await right(route)
    await expectNoEffect(async () => {
      await wishAtTheTop(request, route)
      await wishInside(request)
      await pollute(request)
    })
    expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false)
  })
})
