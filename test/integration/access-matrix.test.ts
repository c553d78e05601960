import { accessRows } from '../support/access-rows.ts'
import { apiRoutes } from '../support/api-routes.ts'
import type { Answer } from '../support/app.ts'
import { type Asked, ask, askWith, belongingsOf } from '../support/matrix/ask.ts'
import { type CallerName, callers, openWorld, type World } from '../support/matrix/callers.ts'
import { expected } from '../support/matrix/expected.ts'
import { objects } from '../support/matrix/objects.ts'
import type { Belonging } from '../support/matrix/row.ts'

const described = apiRoutes()
const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`
const asked = described.flatMap(({ method, path }): [string, Asked][] => {
  const row = accessRows[`${method} ${path}`]
  return row ? [[`${method} ${path}`, { method, path, row }]] : []
})

let world: World
let requests = 0
beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => {
  await world?.close()
  process.stdout.write(`${asked.length} routes, ${callers.length} callers: ${requests} requests\n`)
})

describe('SEC-11: every route has a row, and every row a route', () => {
  test('rows for routes', () => {
    const without = described.map(nameOf).filter((name) => !accessRows[name])
    // Each of these takes one line in test/support/rows/.
    expect(without).toEqual([])
  })

  test('routes for rows', () => {
    const known = new Set(described.map(nameOf))
    expect(Object.keys(accessRows).filter((name) => !known.has(name))).toEqual([])
  })

  test('whoever names an object says of which kind', () => {
    const silent = asked.filter(
      ([, { path, row }]) => path.includes('{') && !row.object && !row.params,
    )
    expect(silent.map(([name]) => name)).toEqual([])
  })

  test('the document names the role and the scope that the row does', () => {
    const said = described.map((route) => [nameOf(route), route.role, route.scope])
    const promised = described.map((route) => {
      const row = accessRows[nameOf(route)]
      const isOpen = !row || row.scope === null
      return [
        nameOf(route),
        isOpen ? null : (row.documented?.role ?? row.least),
        isOpen ? null : row.scope,
      ]
    })
    expect(said).toEqual(promised)
  })
})

/** What a refusal says, without what names the request. */
const faceOf = ({ status, headers, body }: Answer) => {
  const { requestId, instance, ...rest } = body as { requestId?: string; instance?: string }
  return JSON.stringify([status, headers.get('content-type'), rest])
}

const isRight = ({ status }: Answer, says: number[] = []) =>
  says.includes(status) || (status >= 200 && status < 300)

type Told = { caller: CallerName; belonging: Belonging; answer: Answer }

async function askAll(one: Asked): Promise<Told[]> {
  const { endsCaller = false } = one.row
  const told: Told[] = []
  for (const name of callers) {
    for (const belonging of belongingsOf(one.row)) {
      const caller = await world.caller(name, endsCaller)
      told.push({ caller: name, belonging, answer: await ask(one, { world, caller, belonging }) })
    }
  }
  requests += told.length
  return told
}

describe('SEC-11: each caller at each route, with what is theirs, somebody else’s and nobody’s', () => {
  test.each(asked)('%s', async (_name, one) => {
    const told = await askAll(one)
    const wrong = told.flatMap(({ caller, belonging, answer }) => {
      const promised = expected(one.row, caller, belonging)
      const kept = promised === 'right' ? isRight(answer, one.row.says) : answer.status === promised
      const found = `${answer.status} ${JSON.stringify(answer.body)}`.slice(0, 300)
      return kept ? [] : [`${caller}, ${belonging}: ${found}, not ${promised}`]
    })
    expect(wrong).toEqual([])
    // Not theirs is not there: nothing tells the two apart.
    for (const name of callers) {
      const hidden = told.filter(
        ({ caller, belonging }) => caller === name && /foreign|absent/.test(belonging),
      )
      expect([name, new Set(hidden.map(({ answer }) => faceOf(answer))).size]).toEqual([
        name,
        hidden.length === 0 ? 0 : 1,
      ])
    }
  })
})

const nested = asked.filter(([, { row }]) => row.object && 'inside' in objects[row.object])

describe('SEC-11: the right workspace, with what is in another one or in none', () => {
  test.each(nested)('%s', async (_name, one) => {
    const kind = one.row.object ? objects[one.row.object] : null
    if (!kind || !('inside' in kind)) throw new Error('this row names nothing inside')
    const caller = await world.caller('owner', false)
    const inside = await kind.inside(world)
    const answers = [
      await askWith(one, { world, caller, params: inside.foreign }),
      await askWith(one, { world, caller, params: inside.absent }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([404, 404])
    expect(new Set(answers.map(faceOf)).size).toBe(1)
  })
})

const active = asked.filter(([, { row }]) => row.where === 'active')

describe('SEC-11: who names a workspace of others is told that there is none', () => {
  test.each(active)('%s', async (_name, one) => {
    const faces = new Set<string>()
    for (const name of ['stranger', 'admin'] as const) {
      const caller = await world.caller(name, false)
      for (const workspace of [world.team, world.elsewhere, '9007199254740993']) {
        const row = { ...one.row, headers: { 'x-workspace': workspace } }
        const belonging = row.object ? 'own' : 'none'
        const answer = await ask({ ...one, row }, { world, caller, belonging })
        expect([workspace, answer.status]).toEqual([workspace, 404])
        faces.add(faceOf(answer))
      }
    }
    expect(faces.size).toBe(1)
  })
})
