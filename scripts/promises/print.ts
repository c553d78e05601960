import type { Tested } from './suites.ts'
import type { Promised } from './table.ts'
import type { Verdict } from './verdicts.ts'

const say = (line = '') => process.stdout.write(`${line}\n`)
const fewEnough = 6

/** 'file: title', a title a line; many of one file become their number. */
function linesOf(tests: Tested[]): string[] {
  const files = Map.groupBy(tests, ({ file }) => file)
  return [...files].flatMap(([file, ofFile]) => {
    const wrong = ofFile.filter(({ outcome }) => outcome !== 'passed')
    const shown = ofFile.length > fewEnough ? wrong : ofFile
    const rest = ofFile.length - shown.length
    return [
      ...(rest > 0 ? [`${file}: ${rest} tests, like '${ofFile[0]?.title}'`] : []),
      ...shown.map(({ title, outcome, why }) => {
        const mark = outcome === 'passed' ? '' : ` [${outcome}${why ? `: ${why}` : ''}]`
        return `${file}: ${title}${mark}`
      }),
    ]
  })
}

export function printVerdicts(verdicts: Verdict[]): void {
  for (const { id, state, sentence, notBuilt, tests } of verdicts) {
    say(`${id}  ${state.toUpperCase()}${state === 'not built' ? ` (${notBuilt})` : ''}`)
    say(`    ${sentence}`)
    for (const line of linesOf(tests)) say(`      ${line}`)
  }
}

export function printSum(verdicts: Verdict[], seconds: number): void {
  const count = (state: Verdict['state']) => verdicts.filter((one) => one.state === state).length
  const tests = new Set(verdicts.flatMap((one) => one.tests))
  const skipped = [...tests].filter(({ outcome }) => outcome === 'skipped').length
  say()
  say(
    `${count('kept')} kept, ${count('kept in part')} in part, ${count('broken')} broken, ${count('no test')} without a test, ` +
      `${count('not built')} not built; ${tests.size} tests (${skipped} skipped here) in ` +
      `${Math.round(seconds)} s`,
  )
}

export function printTitles(
  promises: Promised[],
  suites: { file: string; titles: string[] }[],
): void {
  for (const { id, sentence, notBuilt } of promises) {
    say(`${id}  ${sentence}`)
    const lines = suites.flatMap(({ file, titles }) =>
      titles.filter((title) => title.includes(id)).map((title) => `${file}: ${title}`),
    )
    for (const line of lines) say(`      ${line}`)
    if (lines.length === 0) say(`      ${notBuilt ? `not built: ${notBuilt}` : 'no test'}`)
  }
}
