import { remembered, within } from '../../src/telemetry/timing.ts'

test('an answer in time is given, a late one is not waited for', async () => {
  expect(await within(1_000, Promise.resolve(7))).toBe(7)
  await expect(within(5, new Promise(() => {}))).rejects.toThrow('no answer within 5 ms')
})

test('many who ask at once read once', async () => {
  let reads = 0
  const read = remembered(60_000, async () => ++reads)
  expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1])
})

test('a failed reading is tried again', async () => {
  let reads = 0
  const read = remembered(60_000, async () => {
    reads += 1
    if (reads === 1) throw new Error('away')
    return reads
  })
  await expect(read()).rejects.toThrow('away')
  expect(await read()).toBe(2)
})
