import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  evaluateModel,
  readLabelledLines,
  type Scores,
} from '../../src/features/sentiment/index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-evaluate-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const fields = { text: 'text', label: 'label' }
const written = async (name: string, lines: unknown[]) => {
  const path = join(folder, name)
  const text = lines
    .map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
    .join('\n')
  await writeFile(path, name.endsWith('.gz') ? gzipSync(text) : text)
  return path
}

describe('labelled lines', () => {
  test('labels are words or TweetEval’s numbers, packed or not, under any names', async () => {
    const lines = [
      { text: 'a', label: 'Positive' },
      '',
      { text: 'b', label: 0 },
      { text: 'c', label: '1' },
    ]
    const expected = [
      { text: 'a', label: 'positive' },
      { text: 'b', label: 'negative' },
      { text: 'c', label: 'neutral' },
    ]
    expect(await readLabelledLines(await written('words.jsonl', lines), fields)).toEqual(expected)
    expect(await readLabelledLines(await written('words.jsonl.gz', lines), fields)).toEqual(
      expected,
    )
    const other = await written('other.jsonl', [{ said: 'd', mood: 'neg' }])
    expect(await readLabelledLines(other, { text: 'said', label: 'mood' })).toEqual([
      { text: 'd', label: 'negative' },
    ])
  })

  test.each([
    [{ text: 'a', label: 4 }, 'Line 2 has the label 4'],
    [{ text: 'a' }, 'Line 2 has the label none'],
    [{ label: 0 }, "Line 2 has no text in 'text'"],
    ['{"text":', 'Line 2 is no JSON object'],
    ['null', 'Line 2 is no JSON object'],
  ])('a line that is not understood is refused by its number: %j', async (line, message) => {
    const path = await written('bad.jsonl', [{ text: 'a', label: 0 }, line])
    await expect(readLabelledLines(path, fields)).rejects.toThrow(message)
  })

  test('no file, and one that is not packed as its name says, are said to be', async () => {
    await expect(readLabelledLines(join(folder, 'none.jsonl.gz'), fields)).rejects.toThrow(
      'cannot be read',
    )
    const fake = await written('fake.jsonl', ['{}'])
    await writeFile(`${fake}.gz`, 'not packed')
    await expect(readLabelledLines(`${fake}.gz`, fields)).rejects.toThrow('cannot be read')
  })
})

test('figures follow from the answers; ties are neutral; nothing to read is left out', async () => {
  const answers: Record<string, [number, number, number]> = {
    up: [0.1, 0.2, 0.7],
    down: [0.6, 0.3, 0.1],
    tie: [0.4, 0.2, 0.4],
  }
  const asked: string[][] = []
  const engine = {
    modelId: 'scripted',
    score: async (texts: readonly string[]): Promise<Scores[]> => {
      asked.push([...texts])
      return texts.map((text) => {
        const [negative, neutral, positive] = answers[text] ?? [0, 1, 0]
        return { negative, neutral, positive, compound: positive - negative }
      })
    },
    close: async () => {},
  }
  const told = await evaluateModel(engine, [
    { text: 'up', label: 'positive' },
    { text: 'up', label: 'negative' },
    { text: 'down', label: 'negative' },
    { text: 'tie', label: 'neutral' },
    { text: ' ', label: 'neutral' },
  ])
  expect(told).toMatchObject({
    model: 'scripted',
    n: 4,
    skipped: 1,
    baseline: { guess: 'negative' },
  })
  expect(told.confusion).toEqual([
    [1, 0, 1],
    [0, 1, 0],
    [0, 0, 1],
  ])
  expect(told.quality.accuracy).toBe(0.75)
  expect(told.quality.macroRecall).toBeCloseTo((0.5 + 1 + 1) / 3, 12)
  // Each distinct text once, after the one that loads the model.
  expect(asked).toEqual([['up'], ['up', 'down', 'tie']])
})

describe('npm run earshot -- model evaluate', () => {
  const run = (...more: string[]) =>
    promisify(execFile)(process.execPath, ['src/cli/main.ts', 'model', 'evaluate', ...more])

  test('measures the real model on a file', async () => {
    const path = await written('hand.jsonl', [
      { text: 'I love this so much, wonderful!', label: 2 },
      { text: 'This is terrible and I hate it.', label: 0 },
      { text: 'The meeting starts at nine on Tuesday.', label: 1 },
    ])
    const { stdout } = await run(path, '--json')
    const told = JSON.parse(stdout)
    expect(told).toMatchObject({ n: 3, skipped: 0, quality: { accuracy: 1, macroF1: 1 } })
    expect(told.baseline.macroRecall).toBeCloseTo(1 / 3, 12)
    expect(told.calibration.bins).toHaveLength(10)
    const { stdout: words } = await run(path)
    expect(words).toMatch(/macro recall +1\.0000 +0\.3333/)
    expect(words).toMatch(/Calibration error \(ECE, 10 bins\): 0\.\d{4}/)
  })

  test('an empty file measures nothing, and says so without a number', async () => {
    const told = JSON.parse((await run(await written('empty.jsonl', []), '--json')).stdout)
    expect(told).toMatchObject({
      n: 0,
      textsPerSecond: null,
      quality: { accuracy: null, macroRecall: null },
      calibration: { ece: null },
    })
  })

  test('a wrong label ends it with a sentence', async () => {
    const path = await written('wrong.jsonl', [{ text: 'a', label: 'meh' }])
    await expect(run(path)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Line 1 has the label "meh"'),
    })
  })
})
