import { accessRows } from '../access-rows.ts'
import { type CallerName, callers } from './callers.ts'
import { expected } from './expected.ts'
import type { Belonging, Row } from './row.ts'

const belongings = ({ object }: Row): Belonging[] =>
  object ? ['own', 'foreign', 'absent'] : ['none']
const cell = (row: Row, caller: CallerName) => {
  const told = belongings(row).map((one) => expected(row, caller, one))
  const words = told.map((one) => (one === 'right' ? 'yes' : String(one)))
  return new Set(words).size === 1 ? (words[0] ?? '') : words.join(' ')
}

/** The matrix for people, as a Markdown table: routes down, callers across. */
export function printMatrix(rows: Record<string, Row> = accessRows): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    'Three answers in a cell: for an object of their own, of somebody else, and of nobody.',
    '',
    line(['route', 'scope', ...callers]),
    line(['---', '---', ...callers.map(() => '---')]),
    ...Object.entries(rows).map(([name, row]) =>
      line([name, row.scope ?? '', ...callers.map((caller) => cell(row, caller))]),
    ),
    '',
  ].join('\n')
}
