import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { classPositions } from '../../src/features/sentiment/engine/model/model-labels.ts'
import {
  isScorable,
  prepareText,
} from '../../src/features/sentiment/engine/scorer/text-preparation.ts'
import { planBatches } from '../../src/features/sentiment/engine/scorer/token-batches.ts'
import { chunkTexts } from '../../src/features/sentiment/engine/text-chunks.ts'

describe('prepareText', () => {
  test.each([
    ['look https://t.co/a1 and www.example.com/x!', 'look http and http'],
    ['seen on pic.twitter.com/abc today', 'seen on http today'],
    ['@some_one hi @Ünal', '@user hi @user'],
    ['a  \n\t b', 'a b'],
    ['Tom &amp; Jerry &lt;3 &amp;lt;3 &#39;ok&#x27;', "Tom & Jerry <3 <3 'ok'"],
    ['&unknown; &#0; &#99999999;', '&unknown; &#0; &#99999999;'],
    ['half \ud83d pair', 'half pair'],
  ])('%j -> %j', (text, prepared) => {
    expect(prepareText(text, 4_096)).toBe(prepared)
  })

  test('takes no longer than a text deserves', () => {
    const start = performance.now()
    for (const text of [
      '('.repeat(500_000),
      `${'a'.repeat(500_000)}pic.twitter.co`,
      '&'.repeat(500_000),
    ])
      prepareText(text, 1_000_000)
    expect(performance.now() - start).toBeLessThan(1_000)
  })
})

test.each([
  ['', false],
  [' \n\t', false],
  ['\u200d\ufe0f', false],
  ['!', true],
  ['🙂', true],
  ['да', true],
])('isScorable(%j) is %s', (text, expected) => {
  expect(isScorable(text)).toBe(expected)
})

describe('classPositions', () => {
  test.each([
    ['names', { 0: 'negative', 1: 'neutral', 2: 'positive' }, [0, 1, 2]],
    ['names in another order and case', { 0: 'POSITIVE', 1: 'Negative', 2: 'Neutral' }, [1, 2, 0]],
    ['short names', { 0: 'NEG', 1: 'NEU', 2: 'POS' }, [0, 1, 2]],
    ['numbers', { 0: 'LABEL_0', 1: 'LABEL_1', 2: 'LABEL_2' }, [0, 1, 2]],
  ])('reads %s', (_, id2label, [negative, neutral, positive]) => {
    expect(classPositions('m', id2label)).toEqual({ negative, neutral, positive })
  })

  test.each([
    [{}],
    [{ 0: 'NEGATIVE', 1: 'POSITIVE' }],
    [{ 0: 'negative', 1: 'neutral', 2: 'neu' }],
    [{ 0: 'negative', 1: 'neutral', 2: 'positive', 3: 'mixed' }],
    [{ 0: 'anger', 1: 'joy', 2: 'sadness' }],
  ])('refuses %j', (id2label) => {
    expect(() => classPositions('some/model', id2label)).toThrow(/some\/model cannot be used/)
  })
})

test('planBatches takes every row once, within its limits, and sorts by length', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 128 }), { maxLength: 300 })
  const limits = fc.record({
    maxTexts: fc.integer({ min: 1, max: 40 }),
    maxTokens: fc.integer({ min: 128, max: 4_096 }),
  })
  const property = fc.property(lengths, limits, (given, { maxTexts, maxTokens }) => {
    const batches = planBatches(given, { maxTexts, maxTokens })
    const rows = batches.flatMap((batch) => batch.rows)
    expect(rows.toSorted((one, other) => one - other)).toEqual(given.map((_, index) => index))
    let widest = 0
    for (const batch of batches) {
      expect(batch.rows.length).toBeLessThanOrEqual(maxTexts)
      expect(batch.rows.length * batch.width).toBeLessThanOrEqual(maxTokens)
      expect(batch.width).toBe(Math.max(...batch.rows.map((row) => given[row] ?? 0)))
      expect(batch.width).toBeGreaterThanOrEqual(widest)
      widest = batch.width
    }
  })
  fc.assert(property)
})

test('chunkTexts keeps every text, in order, in chunks of a bounded size', () => {
  const texts = Array.from({ length: 2_000 }, (_, index) => 'x'.repeat((index * 97) % 3_000))
  texts.splice(1_000, 0, 'y'.repeat(400_000))
  const chunks = [...chunkTexts(texts)]
  expect(chunks.flat()).toEqual(texts)
  for (const chunk of chunks) {
    const characters = chunk.reduce((sum, text) => sum + text.length, 0)
    expect(chunk.length).toBeLessThanOrEqual(512)
    expect(chunk.length === 1 || characters <= 262_144).toBe(true)
  }
})
