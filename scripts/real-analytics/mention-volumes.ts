import { readRows } from '../real-analytics-data.ts'

type Row = { ticker: string; ts: string; mentions: number; anomaly_window: boolean }

const stepsAnHour = 12
/** With fewer five-minute counts than this the hour was not seen as a whole. */
const leastSteps = 10
const hourMs = 3_600_000

export type Window = { from: number; to: number }
/** Mentions of one company on X by hour, and the hours in which the labels say that something was up. */
export type Volume = {
  ticker: string
  hours: (number | null)[]
  windows: Window[]
  firstMs: number
}

function volumeOf(ticker: string, rows: readonly Row[]): Volume {
  const at = (row: Row) => Date.parse(`${row.ts.replace(' ', 'T')}Z`)
  const firstMs = Math.ceil(Math.min(...rows.map(at)) / hourMs) * hourMs
  const lastMs = Math.floor(Math.max(...rows.map(at)) / hourMs) * hourMs
  const byHour = Map.groupBy(rows, (row) => Math.floor((at(row) - firstMs) / hourMs))
  const length = (lastMs - firstMs) / hourMs
  const hours = Array.from({ length }, (_, hour) => {
    const own = byHour.get(hour) ?? []
    if (own.length < leastSteps) return null
    const total = own.reduce((sum, { mentions }) => sum + mentions, 0)
    return Math.round((total * stepsAnHour) / own.length)
  })
  const labelled = Array.from({ length }, (_, hour) =>
    (byHour.get(hour) ?? []).some((row) => row.anomaly_window),
  )
  return { ticker, hours, windows: stretches(labelled), firstMs }
}

function stretches(labelled: readonly boolean[]): Window[] {
  const windows: Window[] = []
  for (const [hour, inside] of labelled.entries()) {
    const last = windows.at(-1)
    if (!inside) continue
    if (last && last.to === hour - 1) last.to = hour
    else windows.push({ from: hour, to: hour })
  }
  return windows
}

export async function readVolumes(): Promise<Volume[]> {
  const rows = await readRows<Row>('x_mention_volume_nab')
  return [...Map.groupBy(rows, ({ ticker }) => ticker)].map(([ticker, own]) =>
    volumeOf(ticker, own),
  )
}
