import { type ApiRoute, apiRoutes } from '../support/api-routes.ts'
import { callApi, type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { recordLog } from '../support/log-lines.ts'
import { faultsOf } from '../support/problems.ts'
import { asOwner } from '../support/servers.ts'

const { log, text } = recordLog()
let app: TestApp
let person: SignedIn
let admin: string

/** What tells who asks; without these nobody gets as far as a handler. */
const identity = ['users', 'sessions', 'memberships', 'workspaces', 'api_tokens']
/** No route's own: counts, keys of the start, what the migrations know. */
const left = ['rate_limits', 'master_keys', 'schema_migrations']

async function rename(from: (name: string) => string, to: (name: string) => string, but: string[]) {
  await asOwner(app.ownerUrl, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace
         and relkind in ('r', 'p') and not relispartition order by 1`,
    )
    const names = rows.map(({ name }) => name.replace(/_torn_away$/, ''))
    for (const name of names.filter((one) => !but.includes(one))) {
      await client.query(`alter table if exists ${from(name)} rename to ${to(name)}`)
    }
  })
}
const tearAway = (but: string[]) =>
  rename(
    (name) => name,
    (name) => `${name}_torn_away`,
    but,
  )

const email = 'ada@example.org'
const token = 'x'.repeat(43)
/** Bodies that get as far as the database. */
const bodies: Record<string, object> = {
  '/api/auth/register': { email, password: 'quite-a-Long-one-77' },
  '/api/auth/login': { email, password: 'quite-a-Long-one-77' },
  '/api/auth/login/second-factor': { challenge: token, code: '123456' },
  '/api/auth/refresh': { refreshToken: `${'x'.repeat(22)}.${token}` },
  '/api/auth/forgot-password': { email },
  '/api/auth/resend-verification': { email },
  '/api/auth/verify-email': { token, password: 'quite-a-Long-one-77' },
  '/api/auth/confirm-email': { token },
  '/api/invitations/decline': { token },
  '/api/auth/reset-password': { token, password: 'quite-a-Long-one-77' },
}
const nameOf = ({ method, path }: ApiRoute) => `${method} ${path}`

beforeAll(async () => {
  app = await startTestApp({ log })
  person = await app.signIn()
  const other = await app.signIn()
  await asOwner(app.ownerUrl, (client) =>
    client.query(`update users set role = 'admin' where email = $1`, [other.email]),
  )
  admin = other.token
})
afterAll(() => app?.close())

/** Asks everything once and gives what failed; every failure is looked at. */
async function askEverything(): Promise<string[]> {
  const failed: string[] = []
  for (const route of apiRoutes()) {
    const body = route.hasBody ? (bodies[route.path] ?? {}) : undefined
    const path = route.path.replace(/\{\w+\}/g, '7')
    for (const asker of new Set([route.access === 'public' ? null : person.token, admin])) {
      const answer = await callApi(app.url, asker, route.method, path, body)
      if (answer.status !== 500) continue
      failed.push(nameOf(route))
      expect([nameOf(route), faultsOf(answer, [500])]).toEqual([nameOf(route), []])
      const said = JSON.stringify(answer.body)
      expect(said).not.toMatch(/torn|relation|exist|42P01|quite-a-Long/i)
      const { requestId } = answer.body as { requestId: string }
      expect(answer.headers.get('x-request-id')).toBe(requestId)
      expect(text()).toContain(requestId)
    }
  }
  return failed
}

test('SEC-31: whatever breaks under any route, callers are told its request id and nothing else', async () => {
  await tearAway([...identity, ...left])
  const inside = await askEverything()
  await tearAway(left)
  const failed = new Set([...inside, ...(await askEverything())])
  const whole = apiRoutes()
    .map(nameOf)
    .filter((name) => !failed.has(name))
  // These ask no table, or say themselves what is away.
  expect(whole.toSorted()).toEqual([
    'GET /',
    'GET /health',
    'GET /health/live',
    'GET /health/ready',
    'GET /metrics',
    'POST /api/auth/password-strength',
  ])
  expect(text()).toContain('does not exist')
  expect(text()).not.toContain('quite-a-Long-one-77')
})
