import { readConfig } from '../../src/config/config.ts'
import { plainTextStores } from '../../src/config/plain-text.ts'

const storesOf = (variables: Record<string, string>) => plainTextStores(readConfig(variables))

test.each([
  'postgres://a:b@db.example.org/earshot',
  'postgres://a:b@10.0.0.5:5432/earshot?sslmode=disable',
  'postgres://a:b@db/earshot?sslmode=prefer',
  'postgres://a:b@db/earshot?sslmode=no-verify',
])('U08: %s crosses a network in plain text, or to nobody proven', (url) => {
  expect(storesOf({ DATABASE_URL: url, DATABASE_APP_URL: url })).toEqual([
    'DATABASE_URL',
    'DATABASE_APP_URL',
  ])
})

test.each([
  'postgres://a:b@localhost/earshot',
  'postgres://a:b@127.0.0.1:5433/earshot',
  'postgres://a:b@[::1]/earshot',
  'postgres:///earshot?host=/var/run/postgresql',
  'postgres://a:b@db.example.org/earshot?sslmode=verify-full',
  'postgres://a:b@db.example.org/earshot?sslmode=require&sslrootcert=/dev/null',
])('%s does not', (url) => {
  expect(storesOf({ DATABASE_URL: url })).toEqual([])
})

test('U08: Redis is asked over TLS, or on this machine', () => {
  expect(storesOf({ REDIS_URL: 'redis://:x@cache.example.org:6379' })).toEqual(['REDIS_URL'])
  expect(storesOf({ REDIS_HOST: 'cache' })).toEqual(['REDIS_URL'])
  expect(storesOf({ REDIS_URL: 'rediss://:x@cache.example.org:6379' })).toEqual([])
  expect(storesOf({ REDIS_URL: 'redis://127.0.0.1:6379' })).toEqual([])
  expect(storesOf({})).toEqual([])
})
