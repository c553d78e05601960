import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { windowAt } from '../../src/features/credentials/budget.window.ts'

const day = (timeZone: string, now: string) => {
  const { startedAt, resetsAt } = windowAt({ kind: 'day', timeZone }, new Date(now))
  return [startedAt.toISOString(), resetsAt.toISOString()]
}
const pacific = 'America/Los_Angeles'

describe('a day window', () => {
  test('goes from midnight to midnight of its zone', () => {
    expect(day(pacific, '2026-11-20T23:04:00Z')).toEqual([
      '2026-11-20T08:00:00.000Z',
      '2026-11-21T08:00:00.000Z',
    ])
    expect(day(pacific, '2026-07-01T06:59:59.999Z')).toEqual([
      '2026-06-30T07:00:00.000Z',
      '2026-07-01T07:00:00.000Z',
    ])
  })

  test('lasts 23 hours when clocks go forward and 25 when they go back', () => {
    const forward = ['2026-03-08T08:00:00.000Z', '2026-03-09T07:00:00.000Z']
    expect(day(pacific, '2026-03-08T08:00:00Z')).toEqual(forward)
    expect(day(pacific, '2026-03-08T10:30:00Z')).toEqual(forward)
    expect(day(pacific, '2026-03-09T06:59:59Z')).toEqual(forward)
    const back = ['2026-11-01T07:00:00.000Z', '2026-11-02T08:00:00.000Z']
    expect(day(pacific, '2026-11-01T07:00:00Z')).toEqual(back)
    expect(day(pacific, '2026-11-01T08:30:00Z')).toEqual(back)
    expect(day(pacific, '2026-11-02T07:59:59Z')).toEqual(back)
  })

  test('begins at the change where the zone skips midnight itself', () => {
    // Chile's clocks go from 24:00 to 01:00.
    expect(day('America/Santiago', '2026-09-06T12:00:00Z')).toEqual([
      '2026-09-06T04:00:00.000Z',
      '2026-09-07T03:00:00.000Z',
    ])
  })

  test('always holds its moment, and the next one starts where it ends', () => {
    const zones = [
      pacific,
      'UTC',
      'Asia/Kolkata',
      'America/Santiago',
      'Pacific/Apia',
      'Asia/Beirut',
    ]
    const moments = fc.date({
      min: new Date('2024-01-01'),
      max: new Date('2032-01-01'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(fc.constantFrom(...zones), moments, (timeZone, now) => {
        const today = windowAt({ kind: 'day', timeZone }, now)
        const tomorrow = windowAt({ kind: 'day', timeZone }, today.resetsAt)
        expect(today.startedAt <= now && now < today.resetsAt).toBe(true)
        expect(tomorrow.startedAt).toEqual(today.resetsAt)
      }),
    )
  })
})

test('a rolling window starts with its first call', () => {
  const now = new Date('2026-11-20T10:00:00.500Z')
  expect(windowAt({ kind: 'rolling', seconds: 60 }, now)).toEqual({
    startedAt: now,
    resetsAt: new Date('2026-11-20T10:01:00.500Z'),
  })
})

test('a month window is the calendar month in UTC', () => {
  expect(windowAt({ kind: 'month' }, new Date('2026-12-31T23:59:59Z'))).toEqual({
    startedAt: new Date('2026-12-01T00:00:00Z'),
    resetsAt: new Date('2027-01-01T00:00:00Z'),
  })
})
