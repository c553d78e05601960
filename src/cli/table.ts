import process from 'node:process'

export type Cell = string | number | null | undefined
export type Column<Row> = {
  title: string
  of: (row: Row) => Cell
  /** Decimal places of numbers; whole numbers stay whole without it. */
  digits?: number
}
type PrintOptions = {
  /** One JSON document in place of the table. */
  json?: boolean | undefined
  /** What that document is; the rows as they are when left out. */
  document?: unknown
  /** What is said where there is no row. */
  empty?: string
}

const write = (text: string) => process.stdout.write(`${text}\n`)
const longestCell = 60

/** Prints rows for a person, or the same as one JSON document. */
export function printTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { json, document = rows, empty = 'Nothing to show.' }: PrintOptions = {},
): void {
  if (json) return void write(JSON.stringify(document, null, 2))
  write(rows.length === 0 ? empty : tableOf(columns, rows))
}

/** The table as text: numbers to the right, what is not known as a dash. */
export function tableOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const shown = columns.map((column) => {
    const values = rows.map(column.of)
    const cells = [column.title, ...values.map((value) => cellOf(value, column.digits))]
    const isNumeric =
      values.some((value) => typeof value === 'number') &&
      values.every((value) => typeof value !== 'string')
    return { cells, isNumeric, width: Math.max(...cells.map(widthOf)) }
  })
  const rule = shown.map(({ width }) => '─'.repeat(width)).join('  ')
  const lines = Array.from({ length: rows.length + 1 }, (_, index) =>
    shown
      .map(({ cells, isNumeric, width }) => padded(cells[index] ?? '', width, isNumeric))
      .join('  ')
      .trimEnd(),
  )
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}

function cellOf(value: Cell, digits: number | undefined): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'string') return clipped(plain(value))
  if (!Number.isFinite(value)) return '–'
  return digits === undefined ? grouped(String(value)) : grouped(value.toFixed(digits))
}

/** Thousands by a comma, the same in every locale. */
const grouped = (digits: string) =>
  digits.replace(/^-?\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ','))

/** What others wrote must not steer the terminal: no control characters, no turned directions. */
export const plain = (text: string): string =>
  text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]+/gu, ' ').trim()

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' })
const wide =
  /\p{Extended_Pictographic}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u
const widthOfLetter = (letter: string) => (wide.test(letter) ? 2 : 1)

/** Columns that a text takes up at a terminal. */
const widthOf = (text: string): number =>
  [...letters.segment(text)].reduce((total, { segment }) => total + widthOfLetter(segment), 0)

function clipped(text: string): string {
  if (widthOf(text) <= longestCell) return text
  let width = 0
  let kept = ''
  for (const { segment } of letters.segment(text)) {
    width += widthOfLetter(segment)
    if (width > longestCell - 1) break
    kept += segment
  }
  return `${kept}…`
}

function padded(text: string, width: number, toTheRight: boolean): string {
  const gap = ' '.repeat(Math.max(0, width - widthOf(text)))
  return toTheRight ? gap + text : text + gap
}

const bars = '▁▂▃▄▅▆▇█'

/** One bar a value, from the least to the greatest; a dot where nothing is known. */
export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value))
  const least = Math.min(...known)
  const spread = Math.max(...known) - least
  return values
    .map((value) => {
      if (value === null || !Number.isFinite(value)) return '·'
      const step = spread === 0 ? 0 : Math.round(((value - least) / spread) * (bars.length - 1))
      return bars[step] ?? '·'
    })
    .join('')
}
