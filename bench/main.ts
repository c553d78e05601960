import { parseArgs } from 'node:util'
import type { Bench, BenchSize, Figure } from './figure.ts'

/** Loaded one by one: a bench pays only for what it measures. */
const benches: Record<string, () => Promise<Bench>> = {
  dispatch: async () => (await import('./dispatch.bench.ts')).dispatch,
  ingest: async () => (await import('./ingest.bench.ts')).ingest,
  punctuality: async () => (await import('./punctuality.bench.ts')).punctuality,
  calls: async () => (await import('./calls.bench.ts')).calls,
  sentiment: async () => (await import('./sentiment.bench.ts')).sentiment,
  'event-loop': async () => (await import('./event-loop.bench.ts')).eventLoop,
  audit: async () => (await import('./audit.bench.ts')).audit,
  export: async () => (await import('./export.bench.ts')).exportBench,
  'login-flood': async () => (await import('./login-flood.bench.ts')).loginFlood,
  analytics: async () => (await import('./analytics.bench.ts')).analytics,
  truths: async () => (await import('./truths.bench.ts')).truths,
}

const shown = (value: number): string =>
  Math.abs(value) >= 1_000 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3)

function printTable(figures: Figure[]): void {
  const rows = figures.map(({ name, value, unit, goal, better, ok }) => [
    name,
    `${shown(value)} ${unit}`,
    goal === null ? '' : `${better === 'higher' ? '>=' : '<='} ${shown(goal)}`,
    ok === null ? '' : ok ? 'ok' : 'MISSED',
  ])
  const widths = [0, 1, 2, 3].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  for (const row of rows) {
    process.stdout.write(`${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}\n`)
  }
}

const help = `npm run bench [-- NAME ...] [--json] [--posts N (analytics)]
  ${Object.keys(benches).join(', ')}
Ratios are measured side by side in one run; figures are medians of several.
`

/** Runs one bench and gives the names of the figures that missed their goals. */
async function runBench(name: string, json: boolean, size: BenchSize): Promise<string[]> {
  const bench = await benches[name]?.()
  if (!bench) return []
  process.stderr.write(`${bench.name}: ${bench.summary}\n`)
  const figures = await bench.run((line) => process.stderr.write(`  ${line}\n`), size)
  if (!json) printTable(figures)
  else for (const one of figures) process.stdout.write(`${JSON.stringify(one)}\n`)
  return figures.filter(({ ok }) => ok === false).map((one) => one.name)
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      help: { type: 'boolean' },
      posts: { type: 'string' },
    },
  })
  const unknown = positionals.filter((name) => !(name in benches))
  if (values.help || unknown.length > 0) {
    process.stdout.write(
      unknown.length > 0 ? `No bench called ${unknown.join(', ')}\n${help}` : help,
    )
    return unknown.length > 0 ? 2 : 0
  }
  const names = positionals.length > 0 ? positionals : Object.keys(benches)
  const size = values.posts ? { posts: Number(values.posts) } : {}
  return (await runBenches(names, values.json ?? false, size)) ? 1 : 0
}

async function runBenches(names: string[], json: boolean, size: BenchSize): Promise<boolean> {
  const missed: string[] = []
  for (const name of names) missed.push(...(await runBench(name, json, size)))
  return missed.length > 0
}

process.exitCode = await main()
