import { inspect } from 'node:util'
import { expect } from '@jest/globals'
import type { PlatformErrorKind } from '../../src/platforms/platform-error.ts'
import type { Reply } from './scripted-server.ts'

/** `reply` weaves the secrets into the answer: an adapter that quotes it would give them away. */
export type Fault = {
  name: string
  kind: PlatformErrorKind
  /** Seconds from now that the error asks to wait. */
  waitS?: number
  /** Short only where the test waits it out: a busy machine must not look like a hang. */
  timeoutMs?: number
  reply: (secrets: string[]) => Reply
}

const refusal =
  (status: number, headers = {}) =>
  (secrets: string[]) => ({
    status,
    headers,
    json: { error: { message: secrets.join(' ') }, message: secrets.join(' ') },
  })

export const faults: Fault[] = [
  { name: '401', kind: 'unauthorized', reply: refusal(401) },
  { name: '402', kind: 'forbidden', reply: refusal(402) },
  { name: '429 without headers', kind: 'rate_limited', waitS: 60, reply: refusal(429) },
  {
    name: '429 with Retry-After',
    kind: 'rate_limited',
    waitS: 7,
    reply: refusal(429, { 'retry-after': '7' }),
  },
  { name: '500', kind: 'unavailable', reply: refusal(500) },
  { name: '503', kind: 'unavailable', reply: refusal(503) },
  {
    name: 'a redirect',
    kind: 'unavailable',
    reply: () => ({ status: 307, headers: { location: '/elsewhere' } }),
  },
  {
    name: 'a web page with 502',
    kind: 'unavailable',
    reply: () => ({ status: 502, headers: { 'content-type': 'text/html' }, text: '<html>Bad' }),
  },
  {
    name: 'a web page with 200',
    kind: 'unavailable',
    reply: () => ({ headers: { 'content-type': 'text/html' }, text: '<!doctype html><p>Hello' }),
  },
  { name: 'a hang', kind: 'unavailable', timeoutMs: 300, reply: () => 'hang' },
  { name: 'a reset', kind: 'unavailable', reply: () => 'reset' },
  { name: 'a cut body', kind: 'unavailable', reply: () => 'cut' },
  {
    name: 'half a JSON',
    kind: 'changed_shape',
    reply: ([secret]) => ({ text: `{"data":[{"id":"${secret}` }),
  },
  {
    name: 'another shape',
    kind: 'changed_shape',
    reply: (secrets) => ({ json: { data: [{ id: secrets }], items: { token: secrets } } }),
  },
]

/** Looks everywhere an error is ever written out: message, stack, cause, JSON, inspect. */
export function expectNoSecret(secrets: string[], error: Error): void {
  const written = [
    String(error),
    error.stack,
    JSON.stringify(error),
    JSON.stringify(error, Object.getOwnPropertyNames(error)),
    inspect(error, { depth: null, showHidden: true, getters: true }),
  ].join('\n')
  for (const secret of secrets) expect(written).not.toContain(secret)
  expect(error.cause).toBeUndefined()
}
