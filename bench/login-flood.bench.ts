import { contextOf } from '../src/compose.ts'
import { commandOrigin } from '../src/core/origin.ts'
import { openAccount } from '../src/features/accounts/index.ts'
import { startProgram } from './child.ts'
import { type BenchEnvironment, openBenchEnvironment } from './environment.ts'
import { addPosts } from './export/posts.ts'
import { type Bench, type Figure, figure, percentile } from './figure.ts'
import { atPace, type Client, clientOf, type Sample } from './login-flood/load.ts'

const person = { email: 'ada@example.org', password: 'a-Long-passphrase-42' }

/** Short and many: a hiccup of the machine meets quiet and flooded seconds alike. */
const roundSeconds = 2
const rounds = 30
const getsPerSecond = 40
const wrongPerSecond = 50

const paths = [
  '/api/posts?limit=50',
  '/api/sources?limit=50',
  '/api/jobs?limit=50',
  '/api/auth/me',
  '/api/overview',
  '/api/profiles',
]

/** `home`: where the person has signed in before. */
type Attack = { name: string; home: string; from: (n: number) => string }
const spread = (net: number, n: number) => `${net}.${(n >> 14) & 127}.${(n >> 7) & 127}.${n & 127}`
const attacks: Attack[] = [
  { name: 'many_addresses', home: '198.51.100.7', from: (n) => spread(10, n) },
  { name: 'one_address', home: '198.51.100.8', from: () => '203.0.113.9' },
]

async function addPerson(environment: BenchEnvironment): Promise<void> {
  const { workspaceId } = await addPosts(environment, 20_000)
  const ctx = contextOf(environment.parts, new AbortController().signal, commandOrigin('bench'))
  const { id } = await openAccount(ctx, { ...person, verified: true })
  await environment.owner.query('delete from memberships where user_id = $1', [id])
  await environment.owner.query(
    `insert into memberships (workspace_id, user_id, role, created_at) values ($1, $2, 'owner', now())`,
    [workspaceId, id],
  )
}

let wrongs = 0
/** Half for an account that is there, half for ones that are not. */
const wrong = (client: Client, attack: Attack) => async () => {
  wrongs += 1
  const email = wrongs % 2 ? person.email : `nobody-${wrongs}@example.org`
  const answer = await client.login({
    email,
    password: `wrong-${wrongs}`,
    from: attack.from(wrongs),
  })
  await answer.arrayBuffer()
  return answer.status
}

let rights = 0
const right = (client: Client, from: () => string) => async () => {
  const answer = await client.login({ ...person, from: from() })
  await answer.arrayBuffer()
  return answer.status
}

type Measured = {
  quiet: Sample[]
  /** Quiet as well: how far the figures differ when nothing differs. */
  again: Sample[]
  flooded: Sample[]
  wrong: Sample[]
  home: Sample[]
  abroad: Sample[]
}

/** Quiet and flooded seconds in turn, so that whatever else the machine does meets both alike. */
async function measure(client: Client, attack: Attack): Promise<Measured> {
  const found: Measured = { quiet: [], again: [], flooded: [], wrong: [], home: [], abroad: [] }
  const gets = () =>
    atPace(getsPerSecond, roundSeconds, (n) => client.get(paths[n % paths.length] ?? ''))
  for (let round = 0; round < rounds; round += 1) {
    const quiet = await gets()
    // From one address thirty logins in a quarter of an hour are all that the limits let through.
    const perSecond = round % 3 === 0 ? 1 / roundSeconds : 0
    const [flooded, wrongs, atHome, away] = await Promise.all([
      gets(),
      atPace(wrongPerSecond, roundSeconds, wrong(client, attack)),
      atPace(
        perSecond,
        roundSeconds,
        right(client, () => attack.home),
      ),
      atPace(
        perSecond,
        roundSeconds,
        right(client, () => spread(11, ++rights)),
      ),
    ])
    found.quiet.push(...quiet)
    found.again.push(...(await gets()))
    found.flooded.push(...flooded)
    found.wrong.push(...wrongs)
    found.home.push(...atHome)
    found.abroad.push(...away)
  }
  return found
}

const p = (samples: Sample[], share: number) =>
  percentile(
    samples.map(({ ms }) => ms),
    share,
  )
const shareOf = (samples: Sample[], status: number) =>
  samples.filter((one) => one.status === status).length / samples.length

function figuresOf(attack: string, found: Measured): Figure[] {
  const name = (what: string) => `login_flood.${attack}.${what}`
  const less = { better: 'lower', unit: 'ms', goal: null } as const
  const share = { better: 'higher', unit: 'of all', goal: null } as const
  const growthOf = (samples: Sample[]) => (p(samples, 0.99) / p(found.quiet, 0.99) - 1) * 100
  const answered = found.home.filter(({ status }) => status === 200)
  return [
    figure({ ...less, name: name('other_routes_p50_quiet'), value: p(found.quiet, 0.5) }),
    figure({ ...less, name: name('other_routes_p50_flooded'), value: p(found.flooded, 0.5) }),
    figure({ ...less, name: name('other_routes_p99_quiet'), value: p(found.quiet, 0.99) }),
    figure({ ...less, name: name('other_routes_p99_flooded'), value: p(found.flooded, 0.99) }),
    figure({
      name: name('other_routes_p99_growth'),
      value: growthOf(found.flooded),
      unit: '%',
      goal: 20,
      better: 'lower',
    }),
    figure({
      ...less,
      name: name('other_routes_p99_growth_of_nothing'),
      value: growthOf(found.again),
      unit: '%',
    }),
    figure({ ...less, name: name('right_login_slowest'), value: p(answered, 1), goal: 3_000 }),
    figure({
      ...share,
      name: name('right_login_let_in'),
      value: shareOf(found.home, 200),
      goal: 1,
    }),
    figure({
      ...share,
      name: name('right_login_elsewhere_let_in'),
      value: shareOf(found.abroad, 200),
    }),
    figure({ ...share, name: name('wrong_logins_hashed'), value: shareOf(found.wrong, 401) }),
    figure({ ...less, name: name('wrong_login_p99'), value: p(found.wrong, 0.99) }),
  ]
}

async function onApi(
  { variables }: BenchEnvironment,
  home: string,
  work: (client: Client) => Promise<Measured>,
): Promise<Measured> {
  const own = { PORT: '0', LOG_LEVEL: 'info', TRUST_PROXY: '127.0.0.1', RATE_LIMIT_USER: '1000000' }
  const api = await startProgram(
    ['src/main.ts'],
    { ...variables, ...own },
    /listens on (http:\/\/[^ "]+)/,
  )
  try {
    const client = clientOf(api.matched)
    const answer = await client.login({ ...person, from: home })
    client.token = ((await answer.json()) as { accessToken: string }).accessToken
    for (const path of paths) {
      const status = await client.get(path)
      if (status !== 200) throw new Error(`${path} answered ${status}`)
    }
    return await work(client)
  } finally {
    await api.stop()
  }
}

export const loginFlood: Bench = {
  name: 'login-flood',
  summary: `other routes and right logins beside ${wrongPerSecond} wrong logins a second, bcrypt at cost 12`,
  run: async (say) => {
    const environment = await openBenchEnvironment({ PASSWORD_HASH_COST: '12' })
    try {
      await addPerson(environment)
      const figures: Figure[] = []
      for (const attack of attacks) {
        say(`${rounds} x ${2 * roundSeconds} s, ${attack.name}`)
        const found = await onApi(environment, attack.home, (client) => measure(client, attack))
        figures.push(...figuresOf(attack.name, found))
      }
      return figures
    } finally {
      await environment.close()
    }
  },
}
