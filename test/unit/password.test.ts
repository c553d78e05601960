import { createPasswordHashing } from '../../src/features/accounts/password.ts'

const cost = 4
const rest = async () => {}
const hashing = createPasswordHashing({ atOnce: 2, waiting: 64, waitingFrom: 64, rest })

test('a hash names its scheme and fits its password alone', async () => {
  const stored = await hashing.hash('correct horse 1', cost)
  expect(stored).toMatch(/^bcrypt-sha384\$\$2b\$04\$/)
  expect(await hashing.matches('correct horse 1', stored, cost)).toBe(true)
  expect(await hashing.matches('correct horse 2', stored, cost)).toBe(false)
})

test('what differs after the 72nd byte is another password', async () => {
  const start = 'x1'.repeat(40)
  const stored = await hashing.hash(`${start}a`, cost)
  expect(await hashing.matches(`${start}a`, stored, cost)).toBe(true)
  expect(await hashing.matches(`${start}b`, stored, cost)).toBe(false)
})

test('the same letters typed on another keyboard are the same password', async () => {
  const stored = await hashing.hash('café crème 1', cost)
  expect(await hashing.matches('café crème 1'.normalize('NFD'), stored, cost)).toBe(true)
})

test('nobody has no password, and finding out takes a whole comparison', async () => {
  const slow = 10
  const stored = await hashing.hash('correct horse 1', slow)
  const timeOf = async (hash: string | null) => {
    const started = performance.now()
    expect(await hashing.matches('wrong horse 1', hash, slow)).toBe(false)
    return performance.now() - started
  }
  const known = await timeOf(stored)
  expect(await timeOf(null)).toBeGreaterThan(known / 3)
})

test('SEC-07: a hash from before the cost was raised takes as long as nobody’s', async () => {
  const [cheap, raised] = [8, 11]
  const stored = await hashing.hash('correct horse 1', cheap)
  const timeOf = async (hash: string | null) => {
    const times = []
    for (let round = 0; round < 5; round += 1) {
      const started = performance.now()
      expect(await hashing.matches('wrong horse 1', hash, raised)).toBe(false)
      times.push(performance.now() - started)
    }
    return times.toSorted((a, b) => a - b)[2] ?? 0
  }
  const [known, nobodys] = [await timeOf(stored), await timeOf(null)]
  // Without the work that it lacks it would be an eighth.
  expect(known / nobodys).toBeGreaterThan(0.6)
  expect(known / nobodys).toBeLessThan(1.6)
  expect(await hashing.matches('correct horse 1', stored, raised)).toBe(true)
})

test('a hash of another scheme opens nothing', async () => {
  const stored = await hashing.hash('correct horse 1', cost)
  const bare = stored.replace('bcrypt-sha384$', '')
  expect(await hashing.matches('correct horse 1', bare, cost)).toBe(false)
})

test('who comes when the line is full is asked to come back', async () => {
  const short = createPasswordHashing({ atOnce: 1, waiting: 2, waitingFrom: 2, rest })
  const attempts = await Promise.allSettled(
    Array.from({ length: 10 }, async () => short.hash('correct horse 1', 8)),
  )
  const refused = attempts.filter((attempt) => attempt.status === 'rejected')
  expect(attempts.length - refused.length).toBe(3)
  expect(refused.map(({ reason }) => [reason.code, reason.retryAfterS])).toEqual(
    Array.from({ length: 7 }, () => ['unavailable', 5]),
  )
})
