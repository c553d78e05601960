import type { ApiParameter } from '../support/api-routes.ts'
import { expectNothingWritten } from '../support/household.ts'
import { type MadeRequest, rightRequest, send } from '../support/matrix/ask.ts'
import { openWorld, type World } from '../support/matrix/callers.ts'
import { absentId } from '../support/matrix/objects.ts'
import { type AskedRoute, askedRoutes } from '../support/matrix/routes.ts'
import { faultsOf } from '../support/problems.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.close())

const described = askedRoutes().filter(([, { access }]) => access !== 'operator')
const ofPath = ({ parameters }: AskedRoute) => parameters.filter((one) => one.in === 'path')
const ofQuery = ({ parameters }: AskedRoute) => parameters.filter((one) => one.in === 'query')

/** A right request of whoever may send it: what follows spoils one thing in it. */
async function right(route: AskedRoute): Promise<MadeRequest> {
  const request = await rightRequest(route, world)
  if (!request) throw new Error('this route is for machines')
  return request
}

/** The same request, with another value in one place of its path. */
function withParam({ path }: AskedRoute, request: MadeRequest, name: string, value: string) {
  const [given = '', query] = request.target.split('?')
  const places = path.split('/')
  const parts = given.split('/').map((part, at) => (places[at] === `{${name}}` ? value : part))
  return { ...request, target: parts.join('/') + (query ? `?${query}` : '') }
}

describe('SEC-26, SEC-31: ids that are none, or not there', () => {
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
  // A category is called what it is called: a name is no malformed id.
  const isFreeText = ({ schema }: ApiParameter) => !schema.pattern && !schema.enum
  const withParameters = described.filter(([, route]) => ofPath(route).length > 0)
  test.each(withParameters)('%s, malformed', async (_name, route) => {
    const request = await right(route)
    await expectNothingWritten(world, async () => {
      for (const one of ofPath(route)) {
        const { name } = one
        for (const id of isFreeText(one) ? ['%00'] : malformed) {
          const answer = await send(world, withParam(route, request, name, id))
          expect([id, faultsOf(answer, [400], `params/${name}`)]).toEqual([id, []])
        }
        const broken = await send(world, withParam(route, request, name, '%E0%A4%A'))
        expect(faultsOf(broken, [400])).toEqual([])
      }
    })
  })

  // What is somebody else's is in the access matrix.
  const withId = described.filter(([, { path }]) => /\{\w*id\}/i.test(path))
  test.each(withId)('%s, absent', async (_name, route) => {
    const request = await right(route)
    await expectNothingWritten(world, async () => {
      for (const { name } of ofPath(route)) {
        for (const id of [absentId, '9223372036854775807']) {
          const answer = await send(world, withParam(route, request, name, id))
          expect([id, faultsOf(answer, [404])]).toEqual([id, []])
        }
      }
    })
  })
})

describe('SEC-26, SEC-27: queries that make no sense', () => {
  const wrongFor: Record<string, string[]> = {
    limit: ['0', '-1', '1.5', 'many', '1e9', ''],
    cursor: ['nonsense', '%00', 'eyJhIjoxfQ', 'W10', 'WyJhIiwiYiJd', 'W251bGwsbnVsbF0'],
    from: ['yesterday', '2026-13-01', '0000-01-01', '2026-11-20T12:00:00', '%00'],
    to: ['tomorrow', '99999-01-01T00:00:00Z', '1'],
    days: ['0', '1.5', 'many'],
    author: ['%00', ''],
    tag: ['a%00b'],
    text: ['a%00b'],
    minCompound: ['2', 'high'],
    maxCompound: ['-2'],
    minRating: ['0', '6', 'high'],
    timeZone: ['Mars/Olympus', '%2B02:00', ''],
  }
  const ids = ['abc', '0', '9999999999999999999', '%00']
  const wrongValues = ({ name, schema }: ApiParameter): [name: string, value: string][] => {
    const ofKind = schema.enum ? ['nonsense', '__proto__', ''] : schema.pattern ? ids : []
    const tooMuch = schema.maximum === undefined ? [] : [String(schema.maximum + 1)]
    // Exports are of 7, 30 or 90 days; analytics of any number up to their maximum.
    const between = name === 'days' && schema.maximum === undefined ? ['31'] : []
    return [...(wrongFor[name] ?? ofKind), ...between, ...tooMuch].map((value) => [name, value])
  }

  const withQuery = described.filter(([, route]) => ofQuery(route).length > 0)
  test.each(withQuery)('%s', async (_name, route) => {
    const request = await right(route)
    const expectRefused = async (name: string, value: string) => {
      const asked = `${request.target.split('?')[0]}?${name}=${value}`
      const answer = await send(world, { ...request, target: asked })
      expect([asked, faultsOf(answer, [400], `query/${name}`)]).toEqual([asked, []])
    }
    await expectNothingWritten(world, async () => {
      for (const [name, value] of ofQuery(route).flatMap(wrongValues)) {
        await expectRefused(name, value)
      }
      for (const { name } of ofQuery(route)) await expectRefused(name, `1&${name}=2`)
      await expectRefused('nonsense', '1')
    })
  })
})
