import { globSync, readFileSync } from 'node:fs'
import { parseSync } from '@swc/core'
import { scrubbed } from '../../src/telemetry/scrub.ts'

type Found = { file: string; pattern: string; flags: string }

/** Every regular expression that the product's code spells out. */
function expressionsIn(file: string): Found[] {
  const found: Found[] = []
  const open: unknown[] = [parseSync(readFileSync(file, 'utf8'), { syntax: 'typescript' })]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== 'object' || node === null) continue
    const { type, pattern, flags } = node as Partial<Found & { type: string }>
    if (type === 'RegExpLiteral') found.push({ file, pattern: pattern ?? '', flags: flags ?? '' })
    open.push(...Object.values(node))
  }
  return found
}

const all = globSync('{src,workers}/**/*.ts').flatMap(expressionsIn)

const signs = [
  ...[
    'a',
    'A',
    'f',
    'z',
    '0',
    '1',
    '9',
    '_',
    '-',
    '.',
    '/',
    ' ',
    '\t',
    '\n',
    '\r\n',
    ':',
    '@',
    '#',
  ],
  ...['=', '"', "'", '&', '<', '%', '+', ',', ';', '(', '[', '{', '|', '!', '?', '\\', 'é', '😀'],
  ...['www.', 'a.', 'a-', 'a/', '0.', '1:', ' \t', 'a ', '=?', '{a}', 'AB', '\u202e'],
]
/** These read what is short: an error cut to ten thousand signs, a number of ours. */
const bounded = ['src/telemetry/scrub.ts', 'src/cli/table.ts']

/** Linear ones take a tenth of a millisecond for so much, quadratic ones fifty and more. */
const length = 10_000
const tooLongMs = 25

/** The plain signs with which an expression begins: what comes after them is only tried behind them. */
const headOf = (pattern: string) =>
  (/^\^?((?:\\[^\w]|[^\\[\](){}.*+?|^$])*)/.exec(pattern)?.[1] ?? '').replaceAll('\\', '')

function timeOf(expression: RegExp, text: string): number {
  const started = performance.now()
  text.replace(expression, '')
  return performance.now() - started
}

/** The best of four, where the first took long: a busy machine is no slow expression. */
function isSlowOn(expression: RegExp, text: string): boolean {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    if (timeOf(expression, text) < tooLongMs) return false
  }
  return true
}

function slowOn({ pattern, flags }: Pick<Found, 'pattern' | 'flags'>): string | null {
  const expression = new RegExp(pattern, flags)
  for (const head of new Set(['', headOf(pattern)])) {
    for (const sign of signs) {
      const text = `${head}${sign.repeat(length / sign.length)}\u0001`
      if (isSlowOn(expression, text)) return `/${pattern}/ on ${head}${sign}…`
    }
  }
  return null
}

test('SEC-26: no expression of ours tries for ever, whatever it is given', () => {
  expect(all.length).toBeGreaterThan(100)
  const distinct = new Map(all.map((one) => [`${one.pattern}/${one.flags}`, one]))
  const slow = [...distinct.values()].map((one) => ({ file: one.file, why: slowOn(one) }))
  expect(slow.filter(({ why, file }) => why !== null && !bounded.includes(file))).toEqual([])
})

test('SEC-26: an error that quotes a megabyte is scrubbed in no time', () => {
  for (const sign of ['a-', 'key', 'eyJ-', 'a@', '"']) {
    const started = performance.now()
    scrubbed({ message: sign.repeat(500_000) }, ['a-known-secret'])
    expect([sign, performance.now() - started < 2_000]).toEqual([sign, true])
  }
})

test.each(['\\s+$', '=+$', '[\\w.+-]+@x', 'a.*b.*c.*d$'])('it would notice /%s/', (pattern) => {
  expect(slowOn({ pattern, flags: '' })).not.toBeNull()
})
