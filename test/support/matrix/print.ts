import { accessRows } from '../access-rows.ts'
import { belongingsOf } from './ask.ts'
import { type CallerName, callers } from './callers.ts'
import { expected } from './expected.ts'
import type { Row } from './row.ts'

const cell = (row: Row, caller: CallerName) => {
  const told = belongingsOf(row).map((one) => expected(row, caller, one))
  const words = told.map((one) => (one === 'right' ? 'yes' : String(one)))
  return new Set(words).size === 1 ? (words[0] ?? '') : words.join(' ')
}

/** The matrix for people, as a Markdown table: routes down, callers across. */
export function printMatrix(rows: Record<string, Row> = accessRows): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    'Where a cell has several answers: for an object of their own, of somebody else, of nobody.',
    '',
    line(['route', 'scope', ...callers]),
    line(['---', '---', ...callers.map(() => '---')]),
    ...Object.entries(rows).map(([name, row]) =>
      line([name, row.scope ?? '', ...callers.map((caller) => cell(row, caller))]),
    ),
    '',
  ].join('\n')
}
