import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { readConfig } from '../../src/config/config.ts'
import { Environment } from '../../src/config/env.ts'

/** What a container is not told, and why it need not be. */
const notTold: { [name: string]: string } = {
  HOST: 'the image listens on all addresses of its container',
  PORT: 'always 8080 inside; PORT in .env says where it is published',
  DATA_DIR: 'the image has it on its volume',
  DB_HOST: 'DATABASE_URL is said as a whole',
  DB_PORT: 'DATABASE_URL is said as a whole',
  DB_NAME: 'DATABASE_URL is said as a whole',
  DB_USER: 'DATABASE_URL is said as a whole',
  DB_PASSWORD: 'DATABASE_URL is said as a whole',
  REDIS_HOST: 'REDIS_URL is said as a whole',
  REDIS_PORT: 'REDIS_URL is said as a whole',
  WORKER_HOST: 'the image listens on all addresses of its container',
  WORKER_PORT: 'always 8081 inside, where the health check asks',
  CLOCK_AT: 'a clock that stands still is for rehearsals on a desk',
  SANDBOX_PORT: 'always 4010 inside',
  SANDBOX_SEED: "the sandbox's own service is told",
  SANDBOX_SPEED: "the sandbox's own service is told",
  SANDBOX_WORLD: 'a folder, which would have to be mounted',
}
/** What Earshot does not read itself. */
const ofTheAwsSdk = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']

type Told = Record<string, string | number>
type Compose = { services: Record<string, { environment?: Told }> }
const { services } = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as Compose
const toldTo = (service: string): Told => services[service]?.environment ?? {}

const known = Object.keys(Environment.shape)
const withDefault = /^\$\{([A-Z0-9_]+):-(.*)\}$/

/** What a container gets where .env has the secrets and nothing else. */
const resolved = (told: Told): Record<string, string> =>
  Object.fromEntries(
    Object.entries(told).map(([name, value]) => {
      const text = String(value).replace(/\$\{[A-Z0-9_]+:\?[^}]*\}/g, `1:${'a'.repeat(40)}`)
      return [name, withDefault.exec(text)?.[2] ?? text]
    }),
  )

describe.each(['app', 'worker'])('docker-compose.yml, %s', (service) => {
  const told = toldTo(service)

  test('is told every variable that Earshot reads', () => {
    const missing = known.filter((name) => !(name in told) && !(name in notTold))
    const advice = (name: string) =>
      `${name}: add "${name}: \${${name}:-its default}" to x-environment in docker-compose.yml, ` +
      'or say in notTold of this test why a container need not be told'
    expect(missing.map(advice)).toEqual([])
  })

  test('is told nothing that nobody reads', () => {
    const unread = Object.keys(told).filter(
      (name) => !known.includes(name) && !ofTheAwsSdk.includes(name),
    )
    expect(unread).toEqual([])
  })

  test('is told the defaults that the code has', () => {
    for (const [name, value] of Object.entries(told)) {
      const [, variable, fallback] = withDefault.exec(String(value)) ?? []
      if (variable === undefined || !known.includes(name)) continue
      expect(variable).toBe(name)
      const schema = Environment.shape[name as keyof typeof Environment.shape]
      expect([name, schema.parse(fallback)]).toEqual([name, schema.parse(undefined)])
    }
  })

  test('starts with the secrets alone', () => {
    const config = readConfig(resolved(told))
    expect(config.production).toBe(true)
    expect(config.http.publicDocs).toBe(false)
    expect(config.mail.smtpUrl).toBeNull()
  })
})

test('API and workers are told the same: either may write a link or open a secret', () => {
  expect(toldTo('worker')).toEqual(toldTo('app'))
})

test('the exceptions are variables that there are, and that are left out', () => {
  const named = Object.keys(notTold)
  expect(named.filter((name) => !known.includes(name) || name in toldTo('app'))).toEqual([])
})
