import { expect, test } from '@jest/globals'
import { describeWith } from '../sandbox/reference.ts'
import { checkSpecs } from '../support/specs/check-specs.ts'

// `npm run specs` prints the same as a table.
describeWith('specs', 'the adapters and the sandbox against the official descriptions', () => {
  test('every request and every answer holds, and nothing recorded is lost', async () => {
    const rows = await checkSpecs()
    expect(rows.flatMap(({ name, violations }) => violations.map((one) => [name, one]))).toEqual([])
    expect(rows.map(({ name }) => name)).toEqual([
      'Twitch',
      'X, 2.166',
      'X, 2.167',
      'YouTube',
      'Reddit',
    ])
    for (const { requests, responses } of rows) {
      expect(requests).toBeGreaterThan(50)
      expect(responses).toBe(requests)
    }
    const bodies = rows.reduce((sum, row) => sum + row.bodies, 0)
    const refusals = rows.reduce((sum, row) => sum + row.refusals, 0)
    expect(bodies).toBeGreaterThan(100)
    expect(refusals).toBeGreaterThan(40)
  }, 120_000)
})
