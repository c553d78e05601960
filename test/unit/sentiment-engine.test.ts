import type { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import {
  createSentimentEngine,
  type ModelSpec,
  resolveModel,
  type Scores,
  type SentimentEngine,
} from '../../src/features/sentiment/engine/index.ts'
import { readModel } from '../../src/features/sentiment/engine/model/model-files.ts'

const sampleTexts = [
  'I love this game so much, best patch ever!',
  'this is the worst update they have ever shipped',
  'The stream starts at 9pm on Friday.',
  '@someone thank you, you made my day https://t.co/abc',
  'so tired of lag, I want a refund',
  'ok',
  '🔥🔥🔥',
  'Ответ на вопрос',
  'a long one '.repeat(60),
  'New video: how I built a desk out of two old doors and a broken bicycle, part 3 of 4',
]

const mood = ({ negative, neutral, positive }: Scores) => {
  if (neutral >= negative && neutral >= positive) return 'neutral'
  return positive > negative ? 'positive' : 'negative'
}
const furthest = (one: Scores, other: Scores) =>
  Math.max(
    Math.abs(one.negative - other.negative),
    Math.abs(one.neutral - other.neutral),
    Math.abs(one.positive - other.positive),
  )

let model: ModelSpec
let engine: SentimentEngine
const warn = jest.fn()
const startEngine = (spec: ModelSpec) => createSentimentEngine({ model: spec, log: { warn } })

beforeAll(async () => {
  model = await resolveModel({ model: null })
  engine = startEngine(model)
})
afterAll(() => engine.close())

/** The scoring process that `work` starts. */
async function processOf(work: () => Promise<unknown>): Promise<ChildProcess> {
  const { promise, resolve } = Promise.withResolvers<ChildProcess>()
  const listen = (message: unknown) => resolve((message as { process: ChildProcess }).process)
  subscribe('child_process', listen)
  await work()
  unsubscribe('child_process', listen)
  return promise
}

describe('scores', () => {
  test('say what a reader would say of plain sentences', async () => {
    const scores = await engine.score(sampleTexts.slice(0, 5))
    expect(scores.map(mood)).toEqual(['positive', 'negative', 'neutral', 'positive', 'negative'])
  })

  test('are probabilities in the order of the texts, and compound is positive - negative', async () => {
    const texts = [...sampleTexts, ...sampleTexts.toReversed()]
    const scores = await engine.score(texts)
    expect(scores).toHaveLength(texts.length)
    expect(scores.slice(sampleTexts.length).toReversed()).toEqual(
      scores.slice(0, sampleTexts.length),
    )
    for (const { negative, neutral, positive, compound } of scores) {
      expect(negative + neutral + positive).toBeCloseTo(1, 12)
      expect(compound).toBe(positive - negative)
    }
  })

  test('do not depend on the batch', async () => {
    const alone = new Map<string, Scores>()
    for (const text of sampleTexts) {
      const [score] = await engine.score([text])
      if (score) alone.set(text, score)
    }
    const company = fc.array(
      fc.oneof(fc.constantFrom(...sampleTexts), fc.lorem({ maxCount: 80 })),
      {
        minLength: 1,
        maxLength: 70,
      },
    )
    const property = fc.asyncProperty(company, async (texts) => {
      const scores = await engine.score(texts)
      texts.forEach((text, index) => {
        const expected = alone.get(text)
        const score = scores[index]
        if (expected && score) expect(furthest(score, expected)).toBeLessThan(1e-6)
      })
    })
    await fc.assert(property, { numRuns: 25 })
  })

  test('of many texts come back whole, over several chunks', async () => {
    const texts = Array.from({ length: 1_200 }, (_, index) => `number ${index}`)
    const scores = await engine.score(texts)
    const [last] = await engine.score([texts.at(-1) ?? ''])
    expect(scores).toHaveLength(1_200)
    expect(furthest(scores[1_199] as Scores, last as Scores)).toBeLessThan(1e-6)
  })

  test('of links and mentions do not depend on whose they are', async () => {
    const [one, other] = await engine.score([
      '@ann see https://a.example/1',
      '@bob see www.b.example',
    ])
    expect(one).toEqual(other)
  })

  const expected = path.join(
    process.env.REFERENCE_DIR ?? '../shared',
    'models/sentiment-mini/expected_val30.json',
  )
  const whenThere = existsSync(expected) ? test : test.skip
  whenThere('agree with those of the model as it was trained', async () => {
    type Row = { text: string; scores: Record<'negative' | 'neutral' | 'positive', number> }
    const rows: Row[] = JSON.parse(readFileSync(expected, 'utf8'))
    const scores = await engine.score(rows.map(({ text }) => text))
    // Those figures are of the dynamic int8 weights, which move by a hundredth or two.
    const clear = rows.filter((row) => Math.max(...Object.values(row.scores)) > 0.55)
    expect(clear.length).toBeGreaterThan(20)
    for (const row of clear) {
      const ours = scores[rows.indexOf(row)] as Scores
      expect(mood(ours)).toBe(mood({ ...row.scores, compound: 0 }))
    }
  })
})

describe('the engine', () => {
  test('refuses a text with nothing to score, and takes no texts at all', async () => {
    await expect(engine.score(['fine', ' \n\u200d '])).rejects.toMatchObject({
      code: 'invalid_input',
      message: 'Text 2 of 2 has nothing to score',
    })
    expect(await engine.score([])).toEqual([])
  })

  test('stops for an abort and goes on for the next caller', async () => {
    const texts = Array.from({ length: 20_000 }, (_, index) => `nobody waits for text ${index}`)
    const abort = new AbortController()
    const work = engine.score(texts, abort.signal)
    const other = engine.score(['somebody waits for this'])
    abort.abort(new Error('never mind'))
    await expect(work).rejects.toThrow('never mind')
    expect(await other).toHaveLength(1)
    await expect(engine.score(['x'], abort.signal)).rejects.toThrow('never mind')
  })

  test('computes nothing more for a caller that is gone', async () => {
    // Two chunks of 512 texts at full length: several seconds of work.
    const textsOf = (salt: string) =>
      Array.from({ length: 1_024 }, (_, index) => `${salt}${index} words `.repeat(60))
    const timed = async (call: () => Promise<unknown>) => {
      const start = performance.now()
      await call()
      return performance.now() - start
    }
    const whole = await timed(() => engine.score(textsOf('a')))
    const abort = new AbortController()
    const work = engine.score(textsOf('b'), abort.signal)
    setTimeout(() => abort.abort(), 50)
    await expect(work).rejects.toThrow()
    const next = await timed(() => engine.score(['next, please']))
    // A ratio, so that a busy machine slows both.
    expect(next / whole).toBeLessThan(0.7)
  })

  test('outlives its scoring process', async () => {
    const mortal = startEngine(model)
    const child = await processOf(() => mortal.score(['start']))
    const texts = Array.from({ length: 5_000 }, (_, index) => `lost text ${index}`)
    const work = mortal.score(texts)
    child.kill('SIGKILL')
    await expect(work).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The scoring process stopped: SIGKILL',
    })
    expect(warn).toHaveBeenCalledWith(
      { reason: 'SIGKILL', model: model.id },
      expect.stringContaining('died'),
    )
    expect(await mortal.score(['again'])).toHaveLength(1)
    await mortal.close()
  })

  test('once closed, rejects what waits and what comes', async () => {
    const closing = startEngine(model)
    const work = closing.score(['too late'])
    await closing.close()
    await expect(work).rejects.toThrow('was closed')
    await expect(closing.score(['later still'])).rejects.toThrow('was closed')
  })

  test('says why a model cannot be loaded', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'earshot-model-'))
    await cp(model.folder, folder, { recursive: true })
    await truncate(path.join(folder, 'onnx', model.weights), 1_000)
    const broken = startEngine(await readModel('broken', folder))
    await expect(broken.score(['anything'])).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/scoring process stopped: .*model_weightonly_int8/),
    })
    await broken.close()
    await rm(folder, { recursive: true })
  })
})
