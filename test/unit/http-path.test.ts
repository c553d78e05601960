import { z } from 'zod'
import { IdParams } from '../../src/http/id.ts'
import { byPrecision, expressPath, methodsByPath } from '../../src/http/path.ts'
import { route } from '../../src/http/route.ts'

const at = (method: 'get' | 'post', path: string) =>
  route({
    method,
    path,
    tag: 'x',
    summary: 'x',
    access: 'public',
    status: 204,
    response: z.void(),
    handler: async () => {},
  })

test("OpenAPI's path in Express's words", () => {
  expect(expressPath('/api/jobs/{id}/runs/{runId}')).toBe('/api/jobs/:id/runs/:runId')
})

test('words come before parameters', () => {
  const paths = ['/api/jobs/{id}', '/api/jobs/due', '/api/{kind}/due', '/api/jobs/{id}/runs']
  const sorted = paths.map((path) => at('get', path)).toSorted(byPrecision)
  expect(sorted.map(({ path }) => path)).toEqual([
    '/api/jobs/due',
    '/api/jobs/{id}',
    '/api/jobs/{id}/runs',
    '/api/{kind}/due',
  ])
})

test('a path tells its methods', () => {
  const methodsOf = methodsByPath([at('get', '/api/jobs/{id}'), at('post', '/openapi.json')])
  expect(methodsOf('/api/jobs/7')).toEqual(['GET', 'HEAD'])
  expect(methodsOf('/api/jobs/7/')).toEqual(['GET', 'HEAD'])
  expect(methodsOf('/api/jobs')).toEqual([])
  expect(methodsOf('/openapiXjson')).toEqual([])
})

test.each([
  ['1', true],
  ['9223372036854775807', true],
  ['9223372036854775808', false],
  ['0', false],
  ['01', false],
  ['-1', false],
  ['1e3', false],
  ['', false],
  ['12345678901234567890', false],
])('%s is an id: %s', (id, good) => {
  expect(IdParams.safeParse({ id }).success).toBe(good)
})
