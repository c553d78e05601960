import { passwordHashing } from '../../src/features/accounts/password.ts'
import { openTestAccount, startTestApp, type TestApp } from '../support/app.ts'
import { seededRandom } from '../support/random.ts'

const tries = 500
const warmUp = 40
const people = 50
/** Medians of the two kinds may differ by so much, as a share of the smaller one. */
const tolerance = 0.1

const random = seededRandom()
let app: TestApp

beforeAll(async () => {
  app = await startTestApp({
    // Each try comes from an address of its own: nobody is locked out, and limits are not in the way.
    variables: { PASSWORD_HASH_COST: '8', TRUST_PROXY: '127.0.0.1' },
  })
  for (let at = 0; at < people; at += 1) {
    await openTestAccount(app.parts, { email: `known-${at}@timing.example` })
  }
})
afterAll(() => app?.close())

const known = () => `known-${random.between(0, people - 1)}@timing.example`
const unknown = () => `nobody-${random.between(0, 1e9)}@timing.example`
const anyAddress = () => `10.${[1, 2, 3].map(() => random.between(1, 254)).join('.')}`

type Answer = { ms: number; status: number; text: string }

/**
 * After each stranger the line rests, which the next one waits for: that would be measured with it and
 * hide the difference. This one is through when the rest is over, and its own is over before the next
 * request has got as far as hashing.
 */
const restIsOver = () => passwordHashing.hash('x', 4, { from: 'the clock', familiar: false })

async function time(path: string, body: object): Promise<Answer> {
  await restIsOver()
  const started = performance.now()
  const response = await fetch(`${app.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': anyAddress() },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  const ms = performance.now() - started
  return { ms, status: response.status, text: text.replace(/"requestId":"[^"]+"/, '') }
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

const doors: [string, string, (email: string) => object, number][] = [
  [
    'a login with a wrong password',
    '/api/auth/login',
    (email) => ({ email, password: 'wrong horse 1' }),
    401,
  ],
  [
    'a registration',
    '/api/auth/register',
    (email) => ({ email, password: 'correct horse 1' }),
    202,
  ],
  ['a forgotten password', '/api/auth/forgot-password', (email) => ({ email }), 202],
]

test.each(doors)('SEC-07: %s takes as long for known and unknown addresses', async (...door) => {
  const [what, path, bodyOf, status] = door
  const times = { known: [] as number[], unknown: [] as number[] }
  const faces = new Set<string>()
  const tryOne = async (kind: 'known' | 'unknown') => {
    const answer = await time(path, bodyOf(kind === 'known' ? known() : unknown()))
    expect(answer.status).toBe(status)
    faces.add(answer.text)
    return answer.ms
  }
  for (let round = 0; round < tries + warmUp; round += 1) {
    // Interleaved, and which comes first is chance: what slows the machine slows both.
    const order = random.chance(0.5)
      ? (['known', 'unknown'] as const)
      : (['unknown', 'known'] as const)
    for (const kind of order) {
      const ms = await tryOne(kind)
      if (round >= warmUp) times[kind].push(ms)
    }
  }
  const medians = { known: median(times.known), unknown: median(times.unknown) }
  const [small, large] = [medians.known, medians.unknown].toSorted((a, b) => a - b)
  const apart = (large ?? 0) / (small ?? 1) - 1
  const shown = `known ${medians.known.toFixed(2)} ms, unknown ${medians.unknown.toFixed(2)} ms`
  process.stdout.write(
    `${what}: ${shown}, ${(100 * apart).toFixed(1)} % apart (${tries} tries of each, seed ${random.seed})\n`,
  )
  expect(faces.size).toBe(1)
  expect(apart).toBeLessThan(tolerance)
})
