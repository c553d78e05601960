import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  findIncidents,
  type Signal,
  watchedActions,
} from '../../src/features/audit/suspicion/suspicion.rules.ts'

const signal = (changes: Partial<Signal>): Signal => ({
  atMs: 0,
  action: 'login.failed',
  actorKind: 'user',
  actorId: null,
  account: null,
  ip: null,
  ...changes,
})
const times = (count: number, make: (index: number) => Partial<Signal>) =>
  Array.from({ length: count }, (_, index) => signal(make(index)))

const failures = (count: number, addresses: number) =>
  times(count, (i) => ({ atMs: i, account: '7', ip: `192.0.2.${i % addresses}` }))
const success = (atMs: number) =>
  signal({ atMs, action: 'login.succeeded', actorId: '7', account: '7' })
const by =
  (action: Signal['action'], actorKind = 'user') =>
  (count: number) =>
    times(count, () => ({ action, actorKind, actorId: '7', account: '7' }))

type Case = [rule: string, enough: Signal[], justNot: Signal[], counts: Record<string, number>]

describe.each<Case>([
  ['many_addresses_one_account', failures(10, 5), failures(10, 4), { failures: 10, addresses: 5 }],
  [
    'success_after_failures',
    [...failures(10, 1), success(10)],
    [...failures(10, 1), success(5)],
    { failures: 10 },
  ],
  [
    'many_addresses_over_limits',
    times(20, (i) => ({ action: 'rate_limit.exceeded', ip: `192.0.2.${i}` })),
    times(40, (i) => ({ action: 'rate_limit.exceeded', ip: `192.0.2.${i % 19}` })),
    { addresses: 20 },
  ],
  ['refresh_reuse', by('session.refreshed_twice')(1), [], { times: 1 }],
  [
    'second_factor_guessing',
    by('second_factor.failed')(10),
    by('second_factor.failed')(9),
    { times: 10 },
  ],
  ['probing', by('access.denied')(15), by('access.denied')(14), { times: 15 }],
  [
    'secret_burst',
    by('secret.opened', 'token')(30),
    by('secret.opened', 'task')(300),
    { times: 30 },
  ],
  ['export_burst', by('export.taken')(20), by('export.taken')(19), { times: 20 }],
])('%s', (rule, enough, justNot, counts) => {
  test('is found, with the person and the counts', () => {
    const userId = rule === 'many_addresses_over_limits' ? null : '7'
    expect(findIncidents(enough)).toEqual([
      { rule, pattern: expect.any(String), userId, ip: null, counts },
    ])
  })
  test('is not found in less', () => {
    expect(findIncidents(justNot)).toEqual([])
  })
})

test('an address that nobody has can be tried too, and is no person', () => {
  const tried = failures(10, 5).map((one) => ({ ...one, account: 'nobody@example.org' }))
  expect(findIncidents(tried)).toMatchObject([{ userId: null }])
})

test('whatever stands in the log, each rule says an account once, and the order does not matter', () => {
  const id = fc.option(fc.constantFrom('1', '2', 'x@example.org'))
  const any = fc.record({
    atMs: fc.nat(1_000),
    action: fc.constantFrom(...watchedActions),
    actorKind: fc.constantFrom('user', 'token', 'task', 'anonymous'),
    actorId: fc.option(fc.constantFrom('1', '2')),
    account: id,
    ip: fc.option(fc.constantFrom('192.0.2.1', '192.0.2.2')),
  })
  fc.assert(
    fc.property(fc.array(any, { maxLength: 300 }), (signals) => {
      const places = (rows: Signal[]) =>
        findIncidents(rows).map(({ rule, userId, ip }) => `${rule} ${userId} ${ip}`)
      const found = places(signals)
      expect(new Set(found).size).toBe(found.length)
      expect(new Set(places(signals.toReversed()))).toEqual(new Set(found))
    }),
  )
})
