import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { expect, test } from '@jest/globals'
import { Environment } from '../../src/config/env.ts'

const text = readFileSync('.env.example', 'utf8')
/** Lines that count when the file is copied to .env. */
const set = parseEnv(text)
/** Variables without a default: `# NAME=example`. */
const unset = parseEnv(
  text
    .split('\n')
    .filter((line) => /^# [A-Z][A-Z0-9_]*=/.test(line))
    .map((line) => line.slice(2))
    .join('\n'),
)
const schemas = Object.entries(Environment.shape)
const hasDefault = (name: string) =>
  Environment.parse({})[name as keyof typeof Environment.shape] !== undefined

test('it lists every variable once, and no others', () => {
  const listed = [...Object.keys(set), ...Object.keys(unset)]
  expect(listed.toSorted()).toEqual(schemas.map(([name]) => name).toSorted())
})

test.each(schemas)('%s has the default that the code has', (name, schema) => {
  if (!hasDefault(name)) {
    expect(unset).toHaveProperty(name)
    return
  }
  expect(set).toHaveProperty(name)
  expect(schema.parse(set[name])).toEqual(schema.parse(undefined))
})

test('copied to .env as it is, it changes nothing', () => {
  expect(Environment.parse(set)).toEqual(Environment.parse({}))
})

test('the examples are values that would be accepted', () => {
  const given = Object.fromEntries(Object.entries(unset).filter(([, value]) => value !== ''))
  expect(Environment.safeParse(given).error?.issues).toBeUndefined()
})

test('every variable stands under words that say what it is for', () => {
  const blocks = text.split(/\n\n+/).filter((block) => /^(# )?[A-Z][A-Z0-9_]*=/m.test(block))
  for (const block of blocks) expect(block).toMatch(/^# [A-Za-z`].*[^=]$/m)
})
