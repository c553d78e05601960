import { describe, expect, test } from '@jest/globals'
import { type Config, ConfigError, readConfig } from '../../src/config/config.ts'

const refusal = (variables: Record<string, string>): string => {
  try {
    readConfig(variables)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as Error).message
  }
  throw new Error(`accepted: ${JSON.stringify(variables)}`)
}
const secrets = {
  JWT_SECRET: 'x'.repeat(32),
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
}

describe('a wrong value is told in a sentence that names it', () => {
  test.each([
    ['PORT', 'eighty'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['DB_POOL_MAX', '1'],
    ['LOG_LEVEL', 'loud'],
    ['NODE_ENV', 'prod'],
    ['PUBLIC_DOCS', 'maybe'],
    ['SENTIMENT_THREADS', '-1'],
    ['SANDBOX_SPEED', '0'],
    ['HOST', ''],
    ['X_MONTHLY_DOLLARS', '-0.01'],
  ])('%s=%s', (name, value) => {
    const message = refusal({ [name]: value })
    expect(message).toContain(`  ${name}${value ? ` is '${value}'` : ''}: `)
    expect(message).toContain('.env.example lists every variable.')
  })

  test.each([
    ['DATABASE_URL', 'mysql://a:b@c/d', 'postgres:// or postgresql://'],
    ['DATABASE_APP_URL', 'localhost:5432', 'postgres:// or postgresql://'],
    ['REDIS_URL', 'http://localhost', 'redis:// or rediss://'],
    ['PLATFORM_URL', 'ftp://x', 'http:// or https://'],
    ['MODEL_HUB_URL', 'file:///etc', 'http:// or https://'],
    ['JWT_SECRET', 'short', 'must be at least 32 characters'],
    ['METRICS_TOKEN', 'short', 'must be at least 16 characters'],
  ])('%s says what it should look like', (name, value, hint) => {
    const message = refusal({ [name]: value })
    expect(message).toContain(name)
    expect(message).toContain(hint)
  })

  test('several at once', () => {
    const message = refusal({ PORT: 'x', LOG_LEVEL: 'y', DATABASE_URL: 'z' })
    for (const name of ['PORT', 'LOG_LEVEL', 'DATABASE_URL']) expect(message).toContain(name)
  })
})

describe('no message repeats a secret', () => {
  test.each([
    ['DATABASE_URL', 'mysql://owner:hunter2hunter2@db/x'],
    ['DATABASE_APP_URL', 'hunter2hunter2'],
    ['REDIS_URL', 'http://:hunter2hunter2@cache'],
    ['JWT_SECRET', 'hunter2hunter2'],
    ['METRICS_TOKEN', 'hunter2'],
    ['SENTRY_DSN', 'hunter2hunter2'],
  ])('%s', (name, value) => {
    expect(refusal({ [name]: value })).not.toContain('hunter2')
  })
})

describe('production', () => {
  test.each([
    {},
    { JWT_SECRET: secrets.JWT_SECRET },
    { ENCRYPTION_KEYS: secrets.ENCRYPTION_KEYS },
    { JWT_SECRET: '', ENCRYPTION_KEYS: '' },
  ])('does not start on secrets made up for it: %j', (given) => {
    const message = refusal({ NODE_ENV: 'production', ...given })
    expect(message).toContain('JWT_SECRET and ENCRYPTION_KEYS must be set')
    expect(message).toContain('keys new')
  })

  test.each(['4', '9'])('SEC-05: does not hash passwords at cost %s', (cost) => {
    const given = { NODE_ENV: 'production', ...secrets, PASSWORD_HASH_COST: cost }
    expect(refusal(given)).toContain('PASSWORD_HASH_COST must be at least 10')
    const enough = { ...given, PASSWORD_HASH_COST: '10' }
    expect(readConfig(enough).auth.passwordHashCost).toBe(10)
  })

  test('starts with both', () => {
    expect(readConfig({ NODE_ENV: 'production', ...secrets }).production).toBe(true)
  })
})

describe('addresses', () => {
  const database = (variables: Record<string, string>): Config['database']['url'] =>
    readConfig(variables).database.url

  test('nothing set: the embedded database, and the queue on it', () => {
    const config = readConfig({})
    expect([config.database.url, config.database.appUrl, config.redisUrl]).toEqual(
      Array(3).fill(null),
    )
  })

  test('an empty variable counts as absent', () => {
    expect(database({ DATABASE_URL: '', DB_HOST: '' })).toBeNull()
    expect(readConfig({ REDIS_URL: '', REDIS_HOST: '' }).redisUrl).toBeNull()
  })

  test('DB_HOST and its companions make one', () => {
    const url = new URL(
      database({ DB_HOST: 'db.internal', DB_PORT: '6000', DB_NAME: 'ear', DB_USER: 'o' }) ?? '',
    )
    expect(url.href).toBe('postgresql://o@db.internal:6000/ear')
  })

  test('a password with every kind of sign arrives whole', () => {
    const password = 'p@ss:w/o?r#d%20 ü'
    const url = new URL(database({ DB_HOST: 'db', DB_PASSWORD: password }) ?? '')
    expect(decodeURIComponent(url.password)).toBe(password)
    expect(url.hostname).toBe('db')
  })

  test('DATABASE_URL wins over DB_HOST, REDIS_URL over REDIS_HOST', () => {
    const given = 'postgres://a:b@c:1/d'
    expect(database({ DATABASE_URL: given, DB_HOST: 'other' })).toBe(given)
    const redis = readConfig({ REDIS_URL: 'rediss://r', REDIS_HOST: 'other' })
    expect(redis.redisUrl).toBe('rediss://r')
  })

  test('REDIS_HOST makes one', () => {
    expect(readConfig({ REDIS_HOST: 'cache' }).redisUrl).toBe('redis://cache:6379')
    expect(readConfig({ REDIS_HOST: 'cache', REDIS_PORT: '7000' }).redisUrl).toBe(
      'redis://cache:7000',
    )
  })
})

test('lists are split and trimmed, units are in the names', () => {
  const config = readConfig({
    CORS_ORIGINS: ' https://a.example , https://b.example,',
    X_MONTHLY_DOLLARS: '12.345678',
    PLATFORM_URL: 'http://127.0.0.1:4010/',
  })
  expect(config.http.corsOrigins).toEqual(['https://a.example', 'https://b.example'])
  expect(config.platforms.xMonthlyMicroDollars).toBe(12_345_678)
  expect(config.platforms.baseUrl).toBe('http://127.0.0.1:4010')
})
