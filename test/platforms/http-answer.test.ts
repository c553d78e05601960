import { inspect } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { parse } from '../../src/platforms/answer-shape.ts'
import { errorOfFailure } from '../../src/platforms/call-failure.ts'
import { errorOfStatus, jsonOf } from '../../src/platforms/http-answer.ts'

const now = new Date('2026-11-20T12:00:00Z')
const site = { platform: 'twitch', name: 'Twitch', what: 'streams' }
const answer = (status: number, headers: { [name: string]: string } = {}) => ({
  status,
  header: (name: string) => headers[name] ?? null,
})
const caught = (call: () => unknown) => {
  try {
    call()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1_000)

describe('a status', () => {
  test.each([
    [401, 'unauthorized'],
    [402, 'forbidden'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [429, 'rate_limited'],
    [500, 'unavailable'],
    [503, 'unavailable'],
    [302, 'unavailable'],
    [400, 'changed_shape'],
  ])('%i is %s', (status, kind) => {
    expect(errorOfStatus(site, answer(status), now)).toMatchObject({ kind, status })
  })

  const epoch = { name: 'ratelimit-reset', unit: 'epoch_s' } as const
  const toGo = { name: 'x-ratelimit-reset', unit: 'seconds_to_go' } as const
  test.each([
    ['no header: a minute', {}, null, 60],
    ['epoch seconds', { 'ratelimit-reset': String(inSeconds(9).getTime() / 1_000) }, epoch, 9],
    ['seconds to go', { 'x-ratelimit-reset': '412.5' }, toGo, 412.5],
    ['Retry-After in seconds', { 'retry-after': '4' }, null, 4],
    ['Retry-After as a date', { 'retry-after': 'Fri, 20 Nov 2026 12:00:30 GMT' }, null, 30],
    ['the later of two', { 'retry-after': '4', 'x-ratelimit-reset': '7' }, toGo, 7],
    ['a moment that is over: a minute', { 'ratelimit-reset': '1000' }, epoch, 60],
    ['nonsense: a minute', { 'retry-after': 'soon', 'ratelimit-reset': '' }, epoch, 60],
    ['years: a minute', { 'retry-after': '99999999' }, null, 60],
  ])('429 with %s', (_, headers, reset, seconds) => {
    const error = errorOfStatus(site, answer(429, headers), now, { reset })
    expect(error.until).toEqual(inSeconds(seconds))
  })
})

describe('SEC-25: a body', () => {
  test('that is a web page is an outage', () => {
    expect(caught(() => jsonOf(site, ' <!doctype html><p>hi'))).toMatchObject({
      kind: 'unavailable',
    })
  })

  test('that is no JSON has changed its shape', () => {
    expect(caught(() => jsonOf(site, '{"data":[{"id":"1'))).toMatchObject({ kind: 'changed_shape' })
  })

  test('of another shape is an incident with a place and without content', () => {
    const shape = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) })
    const error = caught(() =>
      parse({ platform: 'twitch', name: 'Twitch', what: 'streams' }, shape, {
        data: [{ id: 'a' }, { id: { token: 'canary' } }],
      }),
    )
    expect(error).toMatchObject({
      kind: 'changed_shape',
      message: "Twitch's answer to streams has changed: data.1.id (expected string)",
    })
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain('canary')
  })
})

describe('a failure without an answer', () => {
  test.each([
    [Object.assign(new Error('canary'), { code: 'ECONNRESET' }), 'the connection was cut'],
    [new DOMException('canary', 'TimeoutError'), 'it took too long'],
    [new TypeError('canary', { cause: { code: 'ECONNREFUSED' } }), 'nobody listens'],
    [{ error: 'canary', options: { auth: { pass: 'canary' } } }, 'no answer came'],
    ['canary', 'no answer came'],
  ])('%# is unavailable, in our own words', (failure, words) => {
    const error = errorOfFailure(site, failure)
    expect(error.kind).toBe('unavailable')
    expect(error.message).toContain(words)
    expect(inspect(error, { depth: null, showHidden: true }) + error.stack).not.toContain('canary')
  })

  test('an error of ours passes as it is', () => {
    const error = errorOfStatus(site, answer(403), now)
    expect(errorOfFailure(site, error)).toBe(error)
  })
})
