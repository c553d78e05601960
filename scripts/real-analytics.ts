import { existsSync } from 'node:fs'
import { anomalies } from './real-analytics/anomalies.part.ts'
import { cascades } from './real-analytics/cascades.part.ts'
import { forecasts } from './real-analytics/forecasts.part.ts'
import { rates } from './real-analytics/rates.part.ts'
import { tags } from './real-analytics/tags.part.ts'
import { times } from './real-analytics/times.part.ts'
import { folder, type Part } from './real-analytics-data.ts'

/**
 * Our statistics over what people really published; figures alone, no text and no name. REFERENCE_DIR
 * names the folder that holds `data/`. Arguments name the parts; all when there are none.
 */
const parts: Part[] = [anomalies, times, cascades, forecasts, rates, tags]

const say = (line: string) => process.stdout.write(`${line}\n`)

async function main(): Promise<number> {
  if (!existsSync(folder)) {
    say(`Skipped: there is no ${folder} (REFERENCE_DIR names the folder that holds data/)`)
    return 0
  }
  const named = process.argv.slice(2).filter((name) => !name.startsWith('--'))
  for (const part of parts) {
    if (named.length > 0 && !named.includes(part.name)) continue
    for (const { part: of, name, value, n } of await part.findings()) {
      say(`${of.padEnd(14)} ${name}: ${value} (n = ${n.toLocaleString('en-US')})`)
    }
  }
  return 0
}

process.exitCode = await main()
