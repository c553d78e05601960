import { refuseTrickery } from '../../src/http/body.ts'

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])

test('honest bodies pass', () => {
  expect(() => refuseTrickery({ a: [{ b: null }], c: 'x' })).not.toThrow()
  expect(() => refuseTrickery(undefined)).not.toThrow()
  expect(() => refuseTrickery(nested(32))).not.toThrow()
})

test('SEC-27: depth is refused without recursion', () => {
  expect(() => refuseTrickery(nested(33))).toThrow('nested deeper than 32 levels')
  const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
  expect(() => refuseTrickery(deep)).toThrow('nested deeper')
})

test.each([
  '{"__proto__":{"admin":true}}',
  '{"a":{"constructor":{"prototype":{"admin":true}}}}',
  '[{"prototype":1}]',
])('SEC-27: %s is refused', (text) => {
  expect(() => refuseTrickery(JSON.parse(text))).toThrow('not allowed')
})
