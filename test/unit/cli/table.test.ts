import { afterEach, expect, jest, test } from '@jest/globals'
import { type Column, printTable, sparkline, tableOf } from '../../../src/cli/table.ts'

type Row = { name: string; posts: number | null; share: number }
const columns: Column<Row>[] = [
  { title: 'Name', of: ({ name }) => name },
  { title: 'Posts', of: ({ posts }) => posts },
  { title: 'Share', of: ({ share }) => share, digits: 2 },
]

afterEach(() => void jest.restoreAllMocks())

test('numbers stand to the right with thousands apart, what is not known is a dash', () => {
  const table = tableOf(columns, [
    { name: 'ada', posts: 1_234_567, share: 0.5 },
    { name: '日本', posts: null, share: 1234.567 },
  ])
  expect(table.split('\n')).toEqual([
    'Name      Posts     Share',
    '────  ─────────  ────────',
    'ada   1,234,567      0.50',
    '日本          –  1,234.57',
  ])
})

test('what others wrote cannot steer the terminal, and a long text is cut', () => {
  const name = `a\u001b[31mred\u202e\n${'x'.repeat(90)}`
  const [, , line = ''] = tableOf(columns, [{ name, posts: 1, share: 0 }]).split('\n')
  expect(line).not.toMatch(/\p{Cc}|\u202e/u)
  expect(line).toContain('…')
  expect(line.startsWith('a [31mred')).toBe(true)
})

test('with json one document is printed and no table', (): void => {
  const written: string[] = []
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text))
    return true
  })
  printTable(columns, [{ name: 'ada', posts: 1, share: 0 }], { json: true, document: { limit: 1 } })
  printTable(columns, [], { empty: 'No posts.' })
  expect(JSON.parse(written[0] ?? '')).toEqual({ limit: 1 })
  expect(written[1]).toBe('No posts.\n')
})

test('a sparkline has one bar a value and a dot where nothing is known', () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe('▁▂▃▄▅▆▇█')
  expect(sparkline([5, null, 5, Number.NaN])).toBe('▁·▁·')
  expect(sparkline([])).toBe('')
})
