import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../src/audit/audit.ts'
import { verifyAudit } from '../src/audit/verify.service.ts'
import type { Origin } from '../src/core/origin.ts'
import { forWorkspace } from '../src/database/database.ts'
import { findActivity, findAllAudit, findAudit } from '../src/features/audit/index.ts'
import { firstDay, writeHistory } from './audit/history.ts'
import { type BenchEnvironment, openBenchEnvironment } from './environment.ts'
import { type Bench, type Figure, figure, median, percentile } from './figure.ts'

const historyRows = 1_000_000
const workspaceCount = 20
const appendSeconds = 4
const atOnce = 8
const pageGoalMs = 50

const origin: Origin = {
  kind: 'user',
  userId: '7',
  name: null,
  requestId: 'request',
  ip: '192.0.2.7',
  userAgent: 'Browser/1',
}

const emOf = ({ parts }: BenchEnvironment) => parts.database.orm.em.fork() as EntityManager

const append = (
  environment: BenchEnvironment,
  workspaceId: string | null,
  em = emOf(environment),
) =>
  recordAudit(
    { em, clock: environment.parts.clock, origin },
    { action: 'secret.opened', workspaceId, details: { reason: 'collect' } },
  )

/** Rows a second that so many writers append together. */
async function throughput(environment: BenchEnvironment, chains: (string | null)[]) {
  let count = 0
  const end = performance.now() + appendSeconds * 1_000
  const write = async (chain: string | null) => {
    while (performance.now() < end) {
      await append(environment, chain)
      count += 1
    }
  }
  await Promise.all(
    Array.from({ length: atOnce }, (_, i) => write(chains[i % chains.length] ?? null)),
  )
  return count / appendSeconds
}

async function latencies(times: number, work: () => Promise<unknown>): Promise<number[]> {
  const found: number[] = []
  for (let i = 0; i < times; i += 1) {
    const started = performance.now()
    await work()
    found.push(performance.now() - started)
  }
  return found
}

/** What one row more costs in a transaction that writes anyway, against one that does not. */
async function addedMs(environment: BenchEnvironment): Promise<number> {
  const once = (audited: boolean) =>
    emOf(environment).transactional(async (tx) => {
      const em = tx as EntityManager
      await em.execute('update workspaces set name = name where id = 1')
      if (audited) await append(environment, '1', em)
    })
  await latencies(50, () => once(true))
  return (
    median(await latencies(300, () => once(true))) - median(await latencies(300, () => once(false)))
  )
}

const day = (after: number) => new Date(firstDay + after * 86_400_000).toISOString()

/** Pages as people ask for them, each by name. */
function pages(environment: BenchEnvironment, workspaceId: string) {
  const em = emOf(environment)
  const own = forWorkspace(em, workspaceId)
  const limit = 50
  const deep = { from: day(2), to: day(3) }
  return {
    'all: no filter': () => findAllAudit(em, { limit }),
    'all: a rare noun': () => findAllAudit(em, { limit, action: 'suspicious' }),
    'all: a common noun': () => findAllAudit(em, { limit, action: 'secret' }),
    'all: refused': () => findAllAudit(em, { limit, outcome: 'denied' }),
    'all: failed (none)': () => findAllAudit(em, { limit, outcome: 'failure' }),
    'all: one person': () => findAllAudit(em, { limit, actor: '77' }),
    'all: a person that is not': () => findAllAudit(em, { limit, actor: '999999' }),
    'all: one workspace': () => findAllAudit(em, { limit, workspace: workspaceId }),
    'all: a workspace and a rare noun': () =>
      findAllAudit(em, { limit, workspace: workspaceId, action: 'account' }),
    'all: a day half a year ago': () => findAllAudit(em, { limit, ...deep }),
    'all: that day, a rare noun': () => findAllAudit(em, { limit, ...deep, action: 'suspicious' }),
    'own: no filter': () => findAudit(own, { limit }),
    'own: a rare noun': () => findAudit(own, { limit, action: 'suspicious' }),
    'own: refused': () => findAudit(own, { limit, outcome: 'denied' }),
    'own: one person': () => findAudit(own, { limit, actor: '77' }),
    'own: a day half a year ago': () => findAudit(own, { limit, ...deep }),
    'mine: activity': () => findActivity(em, '77', { limit }),
  }
}

async function pageFigures(
  environment: BenchEnvironment,
  workspaceId: string,
  say: (line: string) => void,
) {
  let worst = 0
  for (const [name, ask] of Object.entries(pages(environment, workspaceId))) {
    await ask()
    const p95 = percentile(await latencies(20, ask), 0.95)
    say(`${name}: ${p95.toFixed(1)} ms`)
    worst = Math.max(worst, p95)
  }
  return figure({
    name: 'audit: slowest page of 50, p95',
    value: worst,
    unit: 'ms',
    goal: pageGoalMs,
    better: 'lower',
  })
}

async function run(say: (line: string) => void): Promise<Figure[]> {
  const environment = await openBenchEnvironment({ DB_POOL_MAX: '10' })
  try {
    say(`writing ${historyRows.toLocaleString('en-US')} rows`)
    const workspaces = await writeHistory(environment, {
      rows: historyRows,
      workspaces: workspaceCount,
    })
    const told = (name: string, value: number, unit: string, better: Figure['better']) =>
      figure({ name: `audit: ${name}`, value, unit, goal: null, better })
    const figures = [await pageFigures(environment, workspaces[3] ?? '1', say)]
    say('verifying them')
    const started = performance.now()
    const report = await verifyAudit({ em: emOf(environment), keyring: environment.parts.keyring })
    if (!report.ok) throw new Error('the history does not hold')
    const perS = report.rows / ((performance.now() - started) / 1_000)
    figures.push(
      told('rows verified', perS, '1/s', 'higher'),
      told(
        'rows on one chain',
        await throughput(environment, [workspaces[0] ?? null]),
        '1/s',
        'higher',
      ),
      told(
        'rows on eight chains',
        await throughput(environment, workspaces.slice(0, 8)),
        '1/s',
        'higher',
      ),
      told('a row adds to a transaction', await addedMs(environment), 'ms', 'lower'),
    )
    return figures
  } finally {
    await environment.close()
  }
}

export const audit: Bench = {
  name: 'audit',
  summary: 'pages, verification and appending with a million rows in the audit log',
  run,
}
