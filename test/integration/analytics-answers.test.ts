import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { document, faultsOf, schemaOf } from '../support/analytics/faults.ts'
import { type Filled, openFilled } from '../support/analytics/filled.ts'
import { analyticRoutes, questionsOf } from '../support/analytics/questions.ts'
import type { SignedIn } from '../support/app.ts'

let filled: Filled
let stranger: SignedIn
const named = new Set<string>()
beforeAll(async () => {
  filled = await openFilled()
  stranger = await filled.app.signIn()
}, 120_000)
afterAll(() => filled?.close())

/** Answers that tell nothing of a period. */
const withoutCoverage: Record<string, string> = {
  '/api/analytics/definitions': 'what words mean',
  '/api/analytics/experiments': 'hypotheses as they were stated',
  '/api/analytics/reports': 'names of kept reports',
  '/api/analytics/sentiment/labels': 'what people said of texts',
  '/api/posts/{id}/thread': 'one thread, which says itself how many of its comments are missing',
}

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
ajv.addSchema({ $id: 'earshot', ...document })
const pointerTo = (path: string) =>
  ['paths', path, 'get', 'responses', '200', 'content', 'application/json', 'schema']
    .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/')

type Framed = { coverage?: { ratio?: unknown } | null; report?: Framed; state?: string }

function coverageFault(path: string, answer: Framed): string[] {
  if (path in withoutCoverage) return []
  const { coverage } = answer.report ?? answer
  // Nothing of a planned experiment was measured yet.
  if (coverage === null && answer.state === 'planned') return []
  return coverage && 'ratio' in coverage ? [] : ['no coverage']
}

function faultsIn(path: string, answer: unknown): string[] {
  const validate = ajv.getSchema(`earshot#/${pointerTo(path)}`)
  if (!validate) throw new Error(`${path} has no schema`)
  const shape = validate(answer) ? [] : [ajv.errorsText(validate.errors)]
  const told = faultsOf(answer, schemaOf(path))
  for (const id of told.named) named.add(id)
  return [...shape, ...told.faults, ...coverageFault(path, answer as Framed)]
}

async function faultsFor(asker: SignedIn, route: (typeof analyticRoutes)[number]) {
  const found = new Map<string, string>()
  for (const question of questionsOf(route, filled.ids)) {
    const { status, body } = await asker.call('GET', question)
    if (asker === stranger && status === 404) continue
    const faults =
      status === 200 ? faultsIn(route.path, body) : [`${status} ${JSON.stringify(body)}`]
    // One question for each fault is enough to look for it.
    for (const fault of faults) found.set(fault, found.get(fault) ?? question)
  }
  return [...found]
}

describe('every answer of the analytics defines what it names, and says why what is null is null', () => {
  test.each(analyticRoutes.map((route) => [route.path, route] as const))(
    '%s',
    async (_path, route) => expect(await faultsFor(filled.person, route)).toEqual([]),
    120_000,
  )

  test('and there was much to look at', () => {
    expect(analyticRoutes.length).toBeGreaterThan(28)
    expect(named.size).toBeGreaterThan(45)
  })
})

describe('in a workspace that holds nothing', () => {
  test.each(analyticRoutes.map((route) => [route.path, route] as const))(
    '%s',
    async (_path, route) => expect(await faultsFor(stranger, route)).toEqual([]),
    120_000,
  )
})
