import { AppError, invalidField, notFound } from '../../src/core/errors.ts'
import { problemDocument, problemOf } from '../../src/http/problem.ts'
import { PlatformError, type PlatformErrorKind } from '../../src/platforms/platform-error.ts'

test('each code has its status', () => {
  const statusOf = (error: AppError) => problemOf(error)?.status
  expect(statusOf(notFound('Source'))).toBe(404)
  expect(statusOf(invalidField('/name', 'is taken'))).toBe(400)
  expect(statusOf(new AppError('over_budget', 'x'))).toBe(422)
  expect(statusOf(new AppError('rate_limited', 'x'))).toBe(429)
  expect(problemOf(new AppError('unavailable', 'x', { retryAfterS: 7 }))?.retryAfterS).toBe(7)
})

test.each<[PlatformErrorKind, number, string]>([
  ['unauthorized', 422, 'platform_refused'],
  ['forbidden', 422, 'platform_refused'],
  ['not_found', 422, 'platform_refused'],
  ['rate_limited', 429, 'rate_limited'],
  ['budget_exhausted', 422, 'over_budget'],
  ['unavailable', 503, 'platform_unavailable'],
  ['changed_shape', 502, 'platform_unavailable'],
])("a platform's %s is a %i", (kind, status, code) => {
  const problem = problemOf(new PlatformError('twitch', kind, 'Our own words.'))
  expect(problem).toMatchObject({ status, code })
  expect(problem?.detail).toMatch(/^The (platform|budget).*: Our own words\.$/)
})

test("a platform's wait is told in seconds", () => {
  const until = new Date(Date.now() + 90_000)
  const problem = problemOf(new PlatformError('youtube', 'budget_exhausted', 'x', { until }))
  expect(problem?.retryAfterS).toBeGreaterThanOrEqual(89)
  expect(problem?.retryAfterS).toBeLessThanOrEqual(91)
})

test('a store that is away is no bug, however deep it stands', () => {
  const cause = Object.assign(new Error('x'), { code: 'ECONNREFUSED' })
  expect(problemOf(new Error('query failed', { cause }))).toMatchObject({ status: 503 })
  expect(problemOf(Object.assign(new Error('x'), { code: '57P01' }))?.status).toBe(503)
  expect(problemOf(Object.assign(new Error('x'), { code: '42P01' }))).toBeNull()
})

test('anything else is a bug', () => {
  expect(problemOf(new TypeError('x'))).toBeNull()
  expect(problemOf('x')).toBeNull()
  expect(problemOf(null)).toBeNull()
})

test('the document', () => {
  const problem = { status: 400, code: 'invalid_input' as const, detail: 'No.' }
  const fields = [{ in: 'body' as const, pointer: '/a', message: 'is wrong' }]
  expect(problemDocument({ ...problem, fields }, '/api/x', 'r-1')).toEqual({
    type: 'urn:earshot:problem:invalid_input',
    title: 'The request is not valid',
    status: 400,
    detail: 'No.',
    instance: '/api/x',
    code: 'invalid_input',
    requestId: 'r-1',
    errors: [{ in: 'body', pointer: '/a', detail: 'is wrong' }],
  })
  expect(problemDocument(problem, '/', 'r')).not.toHaveProperty('errors')
})
