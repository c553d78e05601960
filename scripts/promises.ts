import { parseArgs } from 'node:util'
import { matrixLine, matrixTable, readMatrix } from './promises/matrix.ts'
import { printSum, printTitles, printVerdicts } from './promises/print.ts'
import { findSuites, runSuites } from './promises/suites.ts'
import { readPromises } from './promises/table.ts'
import { isBad, judge, strayIds } from './promises/verdicts.ts'

/** Says of every promise in docs/promises.md whether its tests hold. Ends with 1 when one does not. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      all: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      matrix: { type: 'boolean', default: false },
    },
  })
  const promises = readPromises()
  const suites = findSuites(values.all || values.list)
  if (values.list) {
    if (values.matrix) process.stdout.write(`${matrixTable()}\n`)
    printTitles(promises, suites)
    return
  }
  const matrix = readMatrix()
  const started = performance.now()
  const tested = await runSuites(suites)
  const verdicts = judge(promises, tested)
  const stray = strayIds(promises, tested)
  const seconds = (performance.now() - started) / 1_000
  if (values.json) {
    const answer = { matrix, promises: verdicts, stray, seconds }
    process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)
  } else {
    if (values.matrix) process.stdout.write(`${matrixTable()}\n`)
    process.stdout.write(`${matrixLine(matrix, verdicts)}\n\n`)
    printVerdicts(verdicts)
    if (stray.length > 0) process.stdout.write(`No sentence for: ${stray.join(', ')}\n`)
    printSum(verdicts, seconds)
  }
  if (verdicts.some(isBad) || stray.length > 0) process.exitCode = 1
}

// `npm run promises | head` is not an error.
process.stdout.on('error', () => process.exit())
await main()
