import { expect, test } from '@jest/globals'
import { createAnswerCache } from '../../src/cache/answer-cache.ts'

const key = { workspaceId: '1', version: 'a', question: 'q' }

test('500 who ask at once cost one computation', async () => {
  const cache = createAnswerCache()
  let computed = 0
  const compute = async () => ++computed
  const answers = await Promise.all(Array.from({ length: 500 }, () => cache.answer(key, compute)))
  expect(new Set(answers)).toEqual(new Set([1]))
})

test('SEC-14: another workspace, version or question is another answer', async () => {
  const cache = createAnswerCache()
  const ask = (changes: object) =>
    cache.answer({ ...key, ...changes }, async () => JSON.stringify(changes))
  expect(await ask({})).toBe('{}')
  for (const changes of [{ workspaceId: '2' }, { version: 'b' }, { question: 'r' }]) {
    expect(await ask(changes)).toBe(JSON.stringify(changes))
  }
  expect(await cache.answer(key, async () => 'again')).toBe('{}')
})

test('an answer is kept five minutes, and a failure not at all', async () => {
  let nowMs = 0
  const cache = createAnswerCache({ nowMs: () => nowMs })
  await expect(cache.answer(key, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await cache.answer(key, async () => 1)).toBe(1)
  nowMs = 299_999
  expect(await cache.answer(key, async () => 2)).toBe(1)
  nowMs = 300_000
  expect(await cache.answer(key, async () => 3)).toBe(3)
})

test('whether it is there can be asked, and says no once its time is over', async () => {
  let nowMs = 0
  const cache = createAnswerCache({ nowMs: () => nowMs })
  expect(cache.has(key)).toBe(false)
  await cache.answer(key, async () => 1)
  expect([cache.has(key), cache.has({ ...key, version: 'b' })]).toEqual([true, false])
  nowMs = 300_000
  expect(cache.has(key)).toBe(false)
})

test('the least used make room', async () => {
  const cache = createAnswerCache({ most: 2 })
  const ask = (question: string, value: number) =>
    cache.answer({ ...key, question }, async () => value)
  await ask('one', 1)
  await ask('two', 1)
  await ask('one', 2)
  await ask('three', 1)
  expect(cache.size()).toBe(2)
  expect([await ask('one', 9), await ask('two', 9)]).toEqual([1, 9])
})
