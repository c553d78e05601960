import type { ExportFormat } from '../src/features/exports/exports.queries.ts'
import type { ExportRequest } from '../src/features/exports/index.ts'
import { openBenchEnvironment } from './environment.ts'
import { drainCopy, openExportServer, type Run } from './export/candidates.ts'
import { addPosts } from './export/posts.ts'
import { type Bench, type Figure, figure, median } from './figure.ts'

/** Fewer rows make a shorter run: EXPORT_BENCH_ROWS=500000 npm run bench -- export */
const allRows = Number(process.env.EXPORT_BENCH_ROWS ?? 5_000_000)
const comparedRows = Math.min(allRows, 300_000)
const rounds = 5
const mebibyte = 1_048_576

type Say = (line: string) => void

/** Both in turn, so that whatever else the machine does meets them alike. */
async function compare(reference: Run, candidate: Run, request: ExportRequest): Promise<Figure[]> {
  const rates: { reference: number[]; candidate: number[] } = { reference: [], candidate: [] }
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries({ reference, candidate })) {
      const { rows, seconds } = await run(request)
      rates[name as keyof typeof rates].push(rows / seconds)
    }
  }
  const ratios = rates.candidate.map((rate, round) => rate / (rates.reference[round] ?? Number.NaN))
  const name = `export.${request.format}.${comparedRows}_rows`
  const told = { unit: 'rows/s', goal: null, better: 'higher' } as const
  return [
    figure({
      name: `${name}.ratio_over_copy`,
      value: median(ratios),
      unit: 'x',
      goal: 0.9,
      better: 'higher',
    }),
    figure({ ...told, name: `${name}.rate`, value: median(rates.candidate) }),
    figure({ ...told, name: `${name}.copy_by_itself`, value: median(rates.reference) }),
  ]
}

/** This process's memory during one long export: over what it was before, and half against half. */
async function measureMemory(run: Run, request: ExportRequest, say: Say): Promise<Figure[]> {
  const samples: number[] = []
  const before = process.memoryUsage.rss() / mebibyte
  const timer = setInterval(() => samples.push(process.memoryUsage.rss() / mebibyte), 100)
  const { rows, seconds } = await run(request).finally(() => clearInterval(timer))
  say(`${rows.toLocaleString('en-US')} rows in ${seconds.toFixed(1)} s`)
  const half = Math.ceil(samples.length / 2)
  const [early, late] = [Math.max(...samples.slice(0, half)), Math.max(...samples.slice(half))]
  const name = `export.csv.${rows}_rows`
  const less = { unit: 'MiB', better: 'lower' } as const
  return [
    figure({ ...less, name: `${name}.peak_rss`, value: Math.max(early, late), goal: null }),
    figure({
      ...less,
      name: `${name}.peak_rss_over_idle`,
      value: Math.max(early, late) - before,
      goal: 128,
    }),
    figure({
      ...less,
      name: `${name}.peak_rss_second_half_over_first`,
      value: late - early,
      goal: 16,
    }),
    figure({
      name: `${name}.rate`,
      value: rows / seconds,
      unit: 'rows/s',
      goal: null,
      better: 'higher',
    }),
  ]
}

export const exportBench: Bench = {
  name: 'export',
  summary: 'the export next to COPY drained by itself, and its memory over a long file',
  run: async (say) => {
    const environment = await openBenchEnvironment()
    try {
      say(`filling ${allRows.toLocaleString('en-US')} posts`)
      const { workspaceId, secondsApart } = await addPosts(environment, allRows)
      const server = await openExportServer(environment)
      const requestOf = (format: ExportFormat, rows: number): ExportRequest => {
        const from = new Date(Date.now() - rows * secondsApart * 1_000).toISOString()
        return { workspaceId, format, selection: { from, to: new Date().toISOString() } }
      }
      const reference = drainCopy(environment)
      say('one long export')
      const figures = await measureMemory(server.run, requestOf('csv', 2 * allRows), say)
      for (const format of ['csv', 'ndjson'] as const) {
        say(`comparing ${format}`)
        figures.push(...(await compare(reference, server.run, requestOf(format, comparedRows))))
      }
      server.close()
      return figures
    } finally {
      await environment.close()
    }
  },
}
