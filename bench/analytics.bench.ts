import type pg from 'pg'
import {
  type Asker,
  type Measured,
  measureEndpoint,
  pairEndpoints,
} from './analytics/endpoints-measure.ts'
import {
  type Api,
  findNamed,
  forgetAnswers,
  openWorkspace,
  startApi,
} from './analytics/endpoints-server.ts'
import { comparedQuestions, rollupReadMs, timeSql } from './analytics/plain-sql.ts'
import { fillingSettings, fillWorlds } from './analytics/world.ts'
import { openBenchEnvironment } from './environment.ts'
import { type Bench, type Figure, figure, median, percentile } from './figure.ts'

type Say = (line: string) => void
const allPosts = 1_000_000
const emails = { large: 'large@example.org', small: 'small@example.org' }

/** Milliseconds that a person does not notice. */
const goalMs = 200
const goalGrowth = 1.5
const goalRollupMs = 2

function figuresOf({ path, large, small, slowest, refused }: Measured, say: Say): Figure[] {
  say(`${path}: slowest ${slowest.ms.toFixed(0)} ms of ${slowest.question}`)
  for (const one of refused) say(`  not answered: ${one}`)
  const told = (what: string, value: number, unit: string, goal: number | null) =>
    figure({ name: `${path} ${what}`, value, unit, goal, better: 'lower' })
  return [
    told('p50', median(large), 'ms', null),
    told('p95', percentile(large, 0.95), 'ms', goalMs),
    told('growth', median(large) / median(small), 'x', goalGrowth),
    ...(refused.length === 0 ? [] : [told('refused', refused.length, '', 0)]),
  ]
}

async function rollupFigures(client: pg.Client, until: string, source: string): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [name, one] of [['source', { source }] as const, ['workspace', {}] as const]) {
    for (const days of [7, 30, 365]) {
      const times = await rollupReadMs(client, { days, until, ...one })
      figures.push(
        figure({
          name: `rollups: sums of a ${name}'s ${days} days, in the database`,
          value: median(times),
          unit: 'ms',
          goal: goalRollupMs,
          better: 'lower',
        }),
      )
    }
  }
  return figures
}

type Stage = { api: Api; superuser: pg.Client; client: pg.Client; large: Asker; until: string }

/** How many times as long the plain SQL takes, medians of both. */
async function plainFigures({ api, superuser, client, large, until }: Stage, say: Say) {
  const figures: Figure[] = []
  for (const one of comparedQuestions(until, large.named)) {
    const times: number[] = []
    let answered = true
    for (let run = 0; run < 6 && answered; run++) {
      await forgetAnswers(superuser)
      const { status, ms } = await api.ask(large.token, one.question)
      answered = status === 200
      if (run > 0) times.push(ms)
    }
    if (!answered) {
      say(`not compared: ${one.name} (${one.question})`)
      continue
    }
    const plain = (await timeSql(client, one, 4)).slice(1)
    say(
      `${one.name}: ${median(times).toFixed(0)} ms over HTTP, plain SQL ${median(plain).toFixed(0)} ms`,
    )
    figures.push(
      figure({
        name: `plain SQL over raw rows takes, ${one.name}`,
        value: median(plain) / median(times),
        unit: 'x',
        goal: null,
        better: 'higher',
      }),
    )
  }
  return figures
}

async function run(say: Say, posts: number): Promise<Figure[]> {
  const environment = await openBenchEnvironment({}, fillingSettings)
  let stop = async () => {}
  try {
    const superuser = await environment.asSuperuser()
    const until = new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString()
    const workspaces = {
      small: await openWorkspace(environment, superuser, emails.small),
      large: await openWorkspace(environment, superuser, emails.large),
    }
    const smallPosts = Math.round(posts / 10)
    say(`filling workspaces of ${smallPosts} and ${posts} posts`)
    await fillWorlds(
      [superuser, await environment.asSuperuser()],
      [
        { workspaceId: workspaces.small, posts: smallPosts, firstId: 1_000_000, until },
        { workspaceId: workspaces.large, posts, firstId: 10_000_000, until },
      ],
      say,
    )
    const api = await startApi(environment, until)
    stop = api.stop
    const asker = async (size: 'small' | 'large'): Promise<Asker> => ({
      token: await api.signIn(emails[size]),
      named: await findNamed(superuser, workspaces[size]),
    })
    const [large, small] = [await asker('large'), await asker('small')]
    const client = await environment.inWorkspace(workspaces.large)
    const figures = await rollupFigures(client, until, large.named.source)
    const { pairs, skipped } = pairEndpoints(large, small)
    for (const { path, why } of skipped) say(`skipped ${path}: ${why}`)
    for (const { endpoint, other } of pairs) {
      const measured = await measureEndpoint({ api, superuser, large, small }, endpoint, other)
      figures.push(...figuresOf(measured, say))
    }
    figures.push(...(await plainFigures({ api, superuser, client, large, until }, say)))
    return figures
  } finally {
    await stop()
    await environment.close()
  }
}

export const analytics: Bench = {
  name: 'analytics',
  summary:
    'every analytic over HTTP on a million posts and 20 million samples, and on a tenth of it',
  run: (say, { posts = allPosts } = {}) => run(say, posts),
}
