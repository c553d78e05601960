import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Tested } from '../../scripts/promises/suites.ts'
import { findSuites, idsIn } from '../../scripts/promises/suites.ts'
import { readPromises } from '../../scripts/promises/table.ts'
import { isBad, judge, strayIds } from '../../scripts/promises/verdicts.ts'

/** Put together: `npm run promises` looks for ids in titles, and these are none. */
const id = (number: string) => `SEC-${number}`
const promised = (number: string, notBuilt: string | null = null) => ({
  id: id(number),
  sentence: 'x',
  notBuilt,
})
const tested = (title: string, outcome: Tested['outcome']): Tested => ({
  file: 'a.test.ts',
  title,
  outcome,
  why: null,
})
const stateOf = (tests: Tested[], notBuilt: string | null = null) =>
  judge([promised('01', notBuilt)], tests).map((verdict) => [verdict.state, isBad(verdict)])

test('docs/promises.md has each of the 34 once, in order', () => {
  const numbers = Array.from({ length: 34 }, (_, at) => id(String(at + 1).padStart(2, '0')))
  expect(readPromises().map(({ id }) => id)).toEqual(numbers)
  expect(readPromises().flatMap(({ id, notBuilt }) => (notBuilt ? [id] : []))).toEqual([
    id('15'),
    id('24'),
  ])
})

test('a table that says something twice, or nothing, is not believed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-promises-'))
  const path = join(folder, 'promises.md')
  const row = `| ${id('01')} | a | |\n`
  for (const text of ['', row + row]) {
    writeFileSync(path, text)
    expect(() => readPromises(path)).toThrow('no table of promises')
  }
  rmSync(folder, { recursive: true })
})

test('kept, broken, not tested, not built: in that order of doubt', () => {
  const [good, bad, skipped] = (['passed', 'failed', 'skipped'] as const).map((outcome) =>
    tested(`${id('01')}: it holds`, outcome),
  ) as [Tested, Tested, Tested]
  expect(stateOf([good])).toEqual([['kept', false]])
  // As far as it could be asked here.
  expect(stateOf([good, skipped])).toEqual([['kept in part', false]])
  expect(stateOf([good, bad])).toEqual([['broken', true]])
  // What could not be run here proves nothing.
  expect(stateOf([skipped])).toEqual([['no test', true]])
  expect(stateOf([])).toEqual([['no test', true]])
  expect(stateOf([], 'webhooks')).toEqual([['not built', false]])
  expect(stateOf([bad], 'webhooks')).toEqual([['broken', true]])
})

test('a test belongs to the promises that its title names, and to no other', () => {
  const both = tested(`${id('01')}, ${id('02')}: both`, 'passed')
  const states = judge([promised('01'), promised('02'), promised('03')], [both])
  expect(states.map(({ state }) => state)).toEqual(['kept', 'kept', 'no test'])
  expect(idsIn(`${id('01')} ${id('010')} X${id('02')}`)).toEqual([id('01')])
  expect(strayIds([promised('01')], [both])).toEqual([id('02')])
})

test('the suites are found by their titles; the long ones only when asked for', () => {
  const files = findSuites(false).map(({ file }) => file)
  expect(files).toContain('test/integration/screenshots.test.ts')
  expect(files.filter((file) => file.startsWith('test/long/'))).toEqual([])
})
