import { readImports } from './check/imports.ts'
import { runTool, type Verdict } from './check/run-tool.ts'

type Check = { name: string; run: () => Promise<Verdict> }

/** Everything a machine can say about the code without running it; the tests say the rest. */
const checks: Check[] = [
  { name: 'types (tsc)', run: () => runTool('typescript/bin/tsc', ['--noEmit']) },
  {
    name: 'format and lint (biome)',
    run: () =>
      runTool('@biomejs/biome/bin/biome', ['ci', '--error-on-warnings', '--colors=off', '.']),
  },
  { name: 'imports point one way (dependency-cruiser)', run: readImports },
  {
    name: 'nothing is left over (knip)',
    run: () => runTool('knip/bin/knip.js', ['--no-progress']),
  },
]

/** Two at a time: each of them uses more than one core for a part of its run. */
const lanes = 2

async function main(): Promise<void> {
  const waiting = [...checks]
  const failed: string[] = []
  const lane = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const started = performance.now()
      const { ok, output } = await check.run()
      const seconds = ((performance.now() - started) / 1_000).toFixed(1)
      process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${seconds.padStart(5)} s  ${check.name}\n`)
      if (ok) continue
      failed.push(check.name)
      process.stdout.write(`${output.trimEnd()}\n\n`)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  if (failed.length === 0) return
  process.stdout.write(`${failed.length} of ${checks.length} checks failed: ${failed.join(', ')}\n`)
  process.exitCode = 1
}

await main()
