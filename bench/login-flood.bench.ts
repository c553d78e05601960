import { contextOf } from '../src/compose.ts'
import { commandOrigin } from '../src/core/origin.ts'
import { openAccount } from '../src/features/accounts/index.ts'
import { startProgram } from './child.ts'
import { type BenchEnvironment, openBenchEnvironment } from './environment.ts'
import { addPosts } from './export/posts.ts'
import { type Bench, type Figure, figure, percentile } from './figure.ts'
import { type Attack, attacks, person, spread, wrongPerSecond } from './login-flood/attack.ts'
import { openFlood } from './login-flood/flood.ts'
import { atPace, type Client, clientOf, type Sample } from './login-flood/load.ts'

/** Short and many: a hiccup of the machine meets quiet and flooded seconds alike. */
const roundSeconds = 2
const rounds = 30
const getsPerSecond = 40

const paths = [
  '/api/posts?limit=50',
  '/api/sources?limit=50',
  '/api/jobs?limit=50',
  '/api/auth/me',
  '/api/overview',
  '/api/profiles',
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

let rights = 0
const right = (client: Client, from: () => string) => async () =>
  (await client.login({ ...person, from: from() })).status

type Measured = {
  /** Before the flooded seconds, and after them: neither may be the luckier one. */
  before: Sample[]
  after: Sample[]
  flooded: Sample[]
  wrong: Sample[]
  home: Sample[]
  abroad: Sample[]
}
type Measuring = { client: Client; token: string; attack: Attack; flood: Flood }
type Flood = ReturnType<typeof openFlood>

/** Quiet and flooded seconds in turn, so that whatever else the machine does meets both alike. */
async function measure(measuring: Measuring): Promise<Measured> {
  const found: Measured = { before: [], after: [], flooded: [], wrong: [], home: [], abroad: [] }
  const { client, token } = measuring
  const gets = () =>
    atPace(getsPerSecond, roundSeconds, (n) => client.get(paths[n % paths.length] ?? '', token))
  // The first round starts threads and compiles: what follows is what a flood is like.
  for (let round = -1; round < rounds; round += 1) {
    const before = await gets()
    const [flooded, beside] = await Promise.all([gets(), besideThem(measuring, round)])
    const after = await gets()
    if (round < 0) continue
    found.before.push(...before)
    found.flooded.push(...flooded)
    found.after.push(...after)
    found.wrong.push(...beside.wrong)
    found.home.push(...beside.home)
    found.abroad.push(...beside.abroad)
  }
  return found
}

async function besideThem({ client, attack, flood }: Measuring, round: number) {
  // From one address thirty logins in a quarter of an hour are all that the limits let through.
  const perSecond = round % 3 === 0 ? 1 / roundSeconds : 0
  const { home } = attacks[attack]
  const [wrong, atHome, abroad] = await Promise.all([
    flood.pour(roundSeconds),
    atPace(
      perSecond,
      roundSeconds,
      right(client, () => home),
    ),
    atPace(
      perSecond,
      roundSeconds,
      right(client, () => spread(11, ++rights)),
    ),
  ])
  return { wrong, home: atHome, abroad }
}

const p = (samples: Sample[], share: number) =>
  percentile(
    samples.map(({ ms }) => ms),
    share,
  )
const shareOf = (samples: Sample[], status: number) =>
  samples.filter((one) => one.status === status).length / samples.length

function figuresOf(attack: Attack, found: Measured): Figure[] {
  const name = (what: string) => `login_flood.${attack}.${what}`
  const less = { better: 'lower', unit: 'ms', goal: null } as const
  const share = { better: 'higher', unit: 'of all', goal: null } as const
  const quiet = [...found.before, ...found.after]
  const growth = (of: Sample[], over: Sample[]) => (p(of, 0.99) / p(over, 0.99) - 1) * 100
  const answered = found.home.filter(({ status }) => status === 200)
  return [
    figure({ ...less, name: name('other_routes_p50_quiet'), value: p(quiet, 0.5) }),
    figure({ ...less, name: name('other_routes_p50_flooded'), value: p(found.flooded, 0.5) }),
    figure({ ...less, name: name('other_routes_p99_quiet'), value: p(quiet, 0.99) }),
    figure({ ...less, name: name('other_routes_p99_flooded'), value: p(found.flooded, 0.99) }),
    figure({
      name: name('other_routes_p99_growth'),
      value: growth(found.flooded, quiet),
      unit: '%',
      goal: 20,
      better: 'lower',
    }),
    figure({
      ...less,
      // How far the figures differ when nothing differs.
      name: name('other_routes_p99_growth_of_nothing'),
      value: growth(found.after, found.before),
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

async function onApi({ variables }: BenchEnvironment, attack: Attack): Promise<Measured> {
  const own = { PORT: '0', LOG_LEVEL: 'info', TRUST_PROXY: '127.0.0.1', RATE_LIMIT_USER: '1000000' }
  const api = await startProgram(
    ['src/main.ts'],
    { ...variables, ...own },
    /listens on (http:\/\/[^ "]+)/,
  )
  const flood = openFlood(api.matched, attack)
  try {
    const client = clientOf(api.matched)
    const { body } = await client.login({ ...person, from: attacks[attack].home })
    const { accessToken: token } = JSON.parse(body) as { accessToken: string }
    for (const path of paths) {
      const status = await client.get(path, token)
      if (status !== 200) throw new Error(`${path} answered ${status}`)
    }
    return await measure({ client, token, attack, flood })
  } finally {
    await flood.close()
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
      for (const attack of Object.keys(attacks) as Attack[]) {
        say(`${rounds} x ${3 * roundSeconds} s, ${attack}`)
        figures.push(...figuresOf(attack, await onApi(environment, attack)))
      }
      return figures
    } finally {
      await environment.close()
    }
  },
}
