import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose, contextOf, type Parts } from '../../src/compose.ts'
import { readConfig } from '../../src/config/config.ts'
import type { Clock } from '../../src/core/clock.ts'
import { createLogger, type Logger } from '../../src/core/logger.ts'
import { commandOrigin } from '../../src/core/origin.ts'
import { authenticate, openAccount } from '../../src/features/accounts/index.ts'
import { createApp } from '../../src/http/app.ts'
import { listen } from '../../src/http/server.ts'
import { routes } from '../../src/routes.ts'
import { createTestDatabase } from './database.ts'

export type TestAppOptions = {
  variables?: Record<string, string>
  log?: Logger
  clock?: Clock
}

export type SignedIn = {
  token: string
  email: string
  /** Calls the API as this person and gives status, headers and the parsed body. */
  call: (method: string, path: string, body?: unknown) => Promise<Answer>
}
export type Answer = { status: number; headers: Headers; body: never }

export type TestApp = {
  url: string
  parts: Parts
  ownerUrl: string
  /** A new person whose address is proven, with a workspace of their own. */
  signIn: () => Promise<SignedIn>
  close: () => Promise<void>
}

const variablesOf = (ownerUrl: string, folder: string, more: Record<string, string>) => ({
  NODE_ENV: 'test',
  DATABASE_URL: ownerUrl,
  DATA_DIR: folder,
  LOG_LEVEL: 'silent',
  PORT: '0',
  PASSWORD_HASH_COST: '4',
  // Suites ask more in a minute than people in an hour.
  RATE_LIMIT_ANONYMOUS: '10000000',
  RATE_LIMIT_USER: '10000000',
  ...more,
})

/** The whole API on a free port, on a fresh database: the door that people use. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'earshot-test-'))
  const config = readConfig(variablesOf(database.ownerUrl, folder, options.variables ?? {}))
  const log = options.log ?? createLogger({ level: 'silent', name: 'test' })
  const parts = await compose(config, {
    name: 'api',
    log,
    ...(options.clock && { clock: options.clock }),
  })
  const server = await listen(createApp(parts, routes, authenticate(parts)), config.http)
  let people = 0
  return {
    url: server.url,
    parts,
    ownerUrl: database.ownerUrl,
    signIn: () => signIn(parts, server.url, `person-${++people}@example.org`),
    close: async () => {
      await server.close()
      await parts.close()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const password = 'a-Long-passphrase-42'

/** Opens an account as the terminal does. */
export async function openTestAccount(
  parts: Parts,
  account: { email: string; password?: string; verified?: boolean; role?: 'user' | 'admin' },
): Promise<string> {
  const ctx = contextOf(parts, new AbortController().signal, commandOrigin('test'))
  return (await openAccount(ctx, { password, verified: true, ...account })).id
}

async function signIn(parts: Parts, url: string, email: string): Promise<SignedIn> {
  await openTestAccount(parts, { email })
  const login = await callApi(url, null, 'POST', '/api/auth/login', { email, password })
  if (login.status !== 200) throw new Error(`login answered ${login.status}`)
  const { accessToken } = login.body as { accessToken: string }
  return {
    token: accessToken,
    email,
    call: (method, path, body) => callApi(url, accessToken, method, path, body),
  }
}

export async function callApi(
  url: string,
  token: string | null,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const json = (response.headers.get('content-type') ?? '').includes('json')
  return {
    status: response.status,
    headers: response.headers,
    body: (json && text ? JSON.parse(text) : text) as never,
  }
}
