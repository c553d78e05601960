import { type ApiParameter, type ApiRoute, apiRoutes } from '../support/api-routes.ts'
import { callApi } from '../support/app.ts'
import {
  expectNothingWritten as expectNothingWrittenIn,
  type Household,
  openHousehold,
  refused,
} from '../support/household.ts'
import { faultsOf } from '../support/problems.ts'

let home: Household
beforeAll(async () => {
  home = await openHousehold()
})
afterAll(() => home?.close())

const expectNothingWritten = (work: () => Promise<void>) => expectNothingWrittenIn(home, work)

const call = ({ method, access }: ApiRoute, path: string, body?: unknown) =>
  callApi(home.app.url, access === 'public' ? null : home.person.token, method, path, body)

const absent = '9007199254740993'

const described = apiRoutes()
const withBody = described.filter(({ hasBody }) => hasBody)
const withParameters = described.filter(({ path }) => path.includes('{'))
const withQuery = described.filter(
  ({ access, parameters }) => access !== 'operator' && parameters.some((one) => one.in === 'query'),
)
const nameOf = ({ method, path }: ApiRoute): string => `${method} ${path}`
const named = (routes: ApiRoute[]) => routes.map((one): [string, ApiRoute] => [nameOf(one), one])

/** A body that would be right, where the route wants one. */
const rightBodies: Record<string, object> = {
  'PATCH /api/profiles/{id}': { name: 'renamed' },
  'PATCH /api/jobs/{id}': { intervalMinutes: 60 },
}
const bodyFor = (route: ApiRoute) =>
  route.hasBody ? (rightBodies[nameOf(route)] ?? {}) : undefined
const ofId = (path: string, id: string) => path.replace(/\{\w+\}/g, id)

describe('SEC-11, SEC-26: ids that are none, not there, or not theirs', () => {
  const malformed = [
    'abc',
    '0',
    '-1',
    '1.5',
    '1e3',
    '0x1',
    '01',
    '9223372036854775808',
    '9999999999999999999',
    '99999999999999999999',
    '%20',
    '%00',
    "1'--",
    '1%3B',
    '1%2F2',
    '%F0%9F%92%A5',
    'constructor',
    '__proto__',
    'null',
  ]
  test.each(named(withParameters))('%s, malformed', async (_name, route) => {
    const parameter = route.parameters.find((one) => one.in === 'path')?.name
    await expectNothingWritten(async () => {
      for (const id of malformed) {
        const answer = await call(route, ofId(route.path, id), bodyFor(route))
        const faults = faultsOf(answer, [400], `params/${parameter}`)
        expect([id, faults]).toEqual([id, []])
      }
      refused(await call(route, ofId(route.path, '%E0%A4%A'), bodyFor(route)), [400])
    })
  })

  const withId = withParameters.filter(({ path }) => path.includes('{id}'))
  test.each(named(withId))('%s, absent or foreign', async (_name, route) => {
    const theirs = home.foreign[route.path.split('/')[2] ?? '']
    await expectNothingWritten(async () => {
      const ids = [absent, '9223372036854775807', ...(theirs ? [theirs] : [])]
      const details = new Set<string>()
      for (const id of ids) {
        const answer = await call(route, ofId(route.path, id), bodyFor(route))
        expect([id, faultsOf(answer, [404])]).toEqual([id, []])
        details.add((answer.body as { detail: string }).detail)
      }
      // Not theirs is not there: nothing tells the two apart.
      expect(details.size).toBe(1)
    })
  })
})

describe('SEC-13: fields that nobody asked for', () => {
  const extra = ['role', 'user_id', 'userId', 'is_verified', 'isVerified', 'workspaceId', 'id']
  test.each(named(withBody))('%s', async (_name, route) => {
    const id =
      { profiles: home.profileIds.twitch, jobs: home.jobId }[route.path.split('/')[2] ?? ''] ?? '1'
    const path = ofId(route.path, id)
    await expectNothingWritten(async () => {
      for (const name of extra) {
        const answer = await call(route, path, { ...bodyFor(route), [name]: 'admin' })
        const faults = faultsOf(answer, [400], `body/${name}`)
        expect([name, faults]).toEqual([name, []])
      }
    })
    const { body } = await home.person.call('GET', '/api/auth/me')
    expect((body as { user: { role: string } }).user).toMatchObject({
      role: 'user',
      isVerified: false,
    })
  })
})

describe('SEC-26, SEC-27: queries that make no sense', () => {
  const wrongFor: Record<string, string[]> = {
    limit: ['0', '-1', '201', '1.5', 'many', '1e9', ''],
    cursor: ['nonsense', '%00', 'eyJhIjoxfQ', 'W10', 'WyJhIiwiYiJd', 'W251bGwsbnVsbF0'],
    from: ['yesterday', '2026-13-01', '0000-01-01', '2026-11-20T12:00:00', '%00'],
    to: ['tomorrow', '99999-01-01T00:00:00Z', '1'],
    days: ['0', '31', 'many'],
    author: ['%00', ''],
    tag: ['a%00b'],
    text: ['a%00b'],
    minCompound: ['2', 'high'],
    maxCompound: ['-2'],
  }
  const ids = ['abc', '0', '9999999999999999999', '%00']
  const wrongValues = ({ name, schema }: ApiParameter): [name: string, value: string][] => {
    const ofKind = schema.enum ? ['nonsense', '__proto__', ''] : schema.pattern ? ids : []
    return (wrongFor[name] ?? ofKind).map((value) => [name, value])
  }

  /** A 404 where the path names an id that is not there. */
  const expectRefused = async (route: ApiRoute, name: string, value: string) => {
    const asked = `${ofId(route.path, '1').replace('/platforms/1', '/platforms/twitch')}?${name}=${value}`
    const answer = await call(route, asked, bodyFor(route))
    const statuses = route.path.includes('{id}') ? [400, 404] : [400]
    const pointer = answer.status === 400 ? `query/${name}` : undefined
    expect([asked, faultsOf(answer, statuses, pointer)]).toEqual([asked, []])
  }

  test.each(named(withQuery))('%s', async (_name, route) => {
    const parameters = route.parameters.filter((one) => one.in === 'query')
    await expectNothingWritten(async () => {
      for (const [name, value] of parameters.flatMap(wrongValues)) {
        await expectRefused(route, name, value)
      }
      for (const { name } of parameters) await expectRefused(route, name, `1&${name}=2`)
      await expectRefused(route, 'nonsense', '1')
    })
  })
})
