import { createHash } from 'node:crypto'
import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  createSentimentEngine,
  type FetchProgress,
  fetchModel,
  type ModelSpec,
  resolveModel,
} from '../../src/features/sentiment/engine/index.ts'
import { readModel } from '../../src/features/sentiment/engine/model/model-files.ts'

const log = { info: () => undefined, warn: () => undefined }
let shipped: ModelSpec
let folder: string

beforeAll(async () => {
  shipped = await resolveModel({ model: null })
})
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'earshot-models-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('resolveModel', () => {
  test('finds the shipped model and names it by its content', async () => {
    expect(shipped.id).toMatch(/^sentiment-mini@[\da-f]{12}$/)
    expect(shipped).toMatchObject({
      classes: { negative: 0, neutral: 1, positive: 2 },
      maxTokens: 128,
      scoresAlone: false,
    })
    expect((await resolveModel({ model: null })).id).toBe(shipped.id)
  })

  test('says how to get a model that is not here', async () => {
    await expect(resolveModel({ model: 'some/model', folder })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('npm run earshot -- model fetch'),
    })
  })

  test.each(['../secrets/model', 'model', 'a/../b', 'a/b/c', '/etc/passwd', ''])(
    'refuses the name %j',
    async (name) => {
      await expect(resolveModel({ model: name, folder })).rejects.toMatchObject({
        code: 'invalid_input',
      })
    },
  )
})

describe('readModel', () => {
  const copy = async () => {
    const target = path.join(folder, 'copy')
    await cp(shipped.folder, target, { recursive: true })
    return target
  }
  const editConfig = async (target: string, change: object) => {
    const file = path.join(target, 'config.json')
    await writeFile(
      file,
      JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...change }),
    )
  }

  test('gives another id to anything that may score otherwise', async () => {
    const target = await copy()
    const same = await readModel('sentiment-mini', target)
    await appendFile(path.join(target, 'tokenizer.json'), '\n')
    const otherTokenizer = await readModel('sentiment-mini', target)
    await appendFile(path.join(target, 'onnx', shipped.weights), 'x')
    const otherWeights = await readModel('sentiment-mini', target)
    expect(same.id).toBe(shipped.id)
    expect(new Set([same.id, otherTokenizer.id, otherWeights.id]).size).toBe(3)
  })

  test('sends texts alone where the weights scale by batch', async () => {
    const target = await copy()
    // Across the border of two pieces of the file as it is read.
    const weights = Buffer.concat([
      Buffer.alloc((1 << 20) - 7),
      Buffer.from('DynamicQuantizeLinear'),
    ])
    await writeFile(path.join(target, 'onnx', shipped.weights), weights)
    expect((await readModel('copy', target)).scoresAlone).toBe(true)
  })

  test('knows how many tokens RoBERTa reads', async () => {
    const target = await copy()
    await editConfig(target, {
      model_type: 'roberta',
      max_position_embeddings: 514,
      pad_token_id: 1,
    })
    await writeFile(path.join(target, 'tokenizer_config.json'), '{"model_max_length":1e30}')
    expect((await readModel('copy', target)).maxTokens).toBe(512)
  })

  test('scores the same when the classes stand in another order', async () => {
    const target = await copy()
    await editConfig(target, { id2label: { 0: 'Positive', 1: 'Neutral', 2: 'Negative' } })
    const [turned, plain] = [
      createSentimentEngine({ model: await readModel('copy', target), log }),
      createSentimentEngine({ model: shipped, log }),
    ]
    const [ours] = await turned.score(['I love it'])
    const [theirs] = await plain.score(['I love it'])
    expect(ours?.negative).toBeCloseTo(theirs?.positive ?? 0, 12)
    expect(ours?.neutral).toBeCloseTo(theirs?.neutral ?? 0, 12)
    await Promise.all([turned.close(), plain.close()])
  })
})

type HubAnswer = { status?: number; headers?: Record<string, string>; body?: Buffer }

describe('fetchModel', () => {
  const commit = 'c0ffee'.padEnd(40, '0')
  const files = new Map<string, Buffer>()
  const overrides = new Map<string, HubAnswer>()
  let asked: string[] = []
  let hub: Server
  let baseUrl: string

  // As huggingface.co answers: large files redirect to a store, the hub's answer names their hash.
  const answerTo = (url: string): HubAnswer => {
    const override = overrides.get(url)
    if (override) return override
    const [, file] = /\/resolve\/[^/]+\/(.+)$/.exec(url) ?? /^\/store\/(.+)$/.exec(url) ?? []
    const body = files.get(file ?? '')
    if (!file || !body) return { status: 404, body: Buffer.from('Entry not found') }
    if (!file.startsWith('onnx/') || url.startsWith('/store/')) {
      return { headers: { 'x-repo-commit': commit }, body }
    }
    const sha256 = createHash('sha256').update(body).digest('hex')
    return {
      status: 302,
      headers: {
        location: `/store/${file}`,
        'x-linked-etag': `"${sha256}"`,
        'x-repo-commit': commit,
      },
    }
  }

  beforeAll(async () => {
    for (const file of ['config.json', 'tokenizer.json', 'tokenizer_config.json'])
      files.set(file, await readFile(path.join(shipped.folder, file)))
    const weights = await readFile(path.join(shipped.folder, 'onnx', shipped.weights))
    files.set('onnx/model.onnx', weights)
    hub = createServer((request, response) => {
      const url = request.url ?? ''
      asked.push(url)
      const { status = 200, headers = {}, body } = answerTo(url)
      response.writeHead(status, { ...(body && { 'content-length': body.length }), ...headers })
      response.write(body ?? '')
      // Less than announced: the connection breaks, as a bad line does.
      if (Number(headers['content-length'] ?? 0) > 0) setTimeout(() => response.destroy(), 20)
      else response.end()
    })
    await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve))
    baseUrl = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`
  })
  afterAll(() => new Promise((resolve) => hub.close(resolve)))
  beforeEach(() => {
    asked = []
    overrides.clear()
  })

  test('brings a model that scores as the original does', async () => {
    const progress: FetchProgress[] = []
    const onProgress = (step: FetchProgress) => progress.push(step)
    const fetched = await fetchModel('org/mini', { folder, baseUrl, log, onProgress })
    expect(await resolveModel({ model: 'org/mini', folder })).toEqual(fetched)
    expect(fetched.folder).toBe(path.join(folder, 'org', 'mini'))
    const size = files.get('onnx/model.onnx')?.length
    expect(progress.at(-1)).toEqual({
      file: 'onnx/model.onnx',
      receivedBytes: size,
      totalBytes: size,
    })

    const engines = [shipped, fetched].map((model) => createSentimentEngine({ model, log }))
    const scores = await Promise.all(engines.map((engine) => engine.score(['what a lovely day'])))
    expect(scores[1]).toEqual(scores[0])
    await Promise.all(engines.map((engine) => engine.close()))
  })

  test('takes every file from the commit that the first answer names, and writes it down', async () => {
    const fetched = await fetchModel('org/mini', { folder, baseUrl, log, revision: 'v2' })
    expect(asked[0]).toBe('/org/mini/resolve/v2/config.json')
    const rest = asked.slice(1).filter((url) => url.includes('/resolve/'))
    expect(rest.every((url) => url.startsWith(`/org/mini/resolve/${commit}/`))).toBe(true)
    const manifest = JSON.parse(
      await readFile(path.join(fetched.folder, 'earshot-model.json'), 'utf8'),
    )
    expect(manifest).toMatchObject({ name: 'org/mini', source: 'org/mini', revision: commit })
    expect(Object.keys(manifest.files)).toHaveLength(4)
  })

  test('knows where the reference model has its ONNX weights', async () => {
    const name = 'cardiffnlp/twitter-roberta-base-sentiment-latest'
    const fetched = await fetchModel(name, { folder, baseUrl, log })
    expect(asked[0]).toMatch('/Xenova/twitter-roberta-base-sentiment-latest/resolve/main/')
    expect(fetched.id).toMatch(`${name}@`)
  })

  test('takes the int8 weights when asked, or when there are no others', async () => {
    files.set('onnx/model_quantized.onnx', files.get('onnx/model.onnx') ?? Buffer.alloc(0))
    const asked8 = await fetchModel('org/mini', { folder, baseUrl, log, quantized: true })
    overrides.set(`/org/only8/resolve/${commit}/onnx/model.onnx`, { status: 404 })
    const only8 = await fetchModel('org/only8', { folder, baseUrl, log })
    files.delete('onnx/model_quantized.onnx')
    expect([asked8.weights, only8.weights]).toEqual([
      'model_quantized.onnx',
      'model_quantized.onnx',
    ])
  })

  const refusals: [string, string, HubAnswer, RegExp][] = [
    [
      'a model of other classes',
      'main/config.json',
      { body: Buffer.from('{}') },
      /classes must be/,
    ],
    ['a model without tokenizer', `${commit}/tokenizer.json`, { status: 404 }, /no tokenizer.json/],
    ['a model without ONNX', `${commit}/onnx/model.onnx`, { status: 404 }, /no onnx\/model.onnx/],
    ['a hub that says no', 'main/config.json', { status: 401 }, /answered 401/],
    [
      'weights that are not the announced ones',
      `${commit}/onnx/model.onnx`,
      { headers: { 'x-linked-etag': 'a'.repeat(64) }, body: Buffer.from('x') },
      /SHA-256/,
    ],
    [
      'a connection that breaks off',
      `${commit}/onnx/model.onnx`,
      { headers: { 'content-length': '1000' }, body: Buffer.from('the first bytes') },
      /could not be fetched/,
    ],
    [
      'redirects without end',
      'main/config.json',
      { status: 302, headers: { location: '/org/mini/resolve/main/config.json' } },
      /redirects without end/,
    ],
  ]
  test.each(refusals)('refuses %s and leaves the earlier copy', async (_, url, answer, message) => {
    const before = await fetchModel('org/mini', { folder, baseUrl, log })
    overrides.set(`/org/mini/resolve/${url}`, answer)
    await expect(fetchModel('org/mini', { folder, baseUrl, log })).rejects.toThrow(message)
    expect(await resolveModel({ model: 'org/mini', folder })).toEqual(before)
    expect(await readdir(path.join(folder, 'org'))).toEqual(['mini'])
  })

  test('asks for no weights before it knows the classes', async () => {
    overrides.set('/org/mini/resolve/main/config.json', { body: Buffer.from('{"id2label":{}}') })
    await expect(fetchModel('org/mini', { folder, baseUrl, log })).rejects.toThrow(/classes/)
    expect(asked).toEqual(['/org/mini/resolve/main/config.json'])
  })

  test('stops for an abort, and says when nobody answers', async () => {
    const abort = new AbortController()
    const onProgress = ({ file }: FetchProgress) => file.startsWith('onnx/') && abort.abort()
    const options = { folder, baseUrl, log, signal: abort.signal, onProgress }
    await expect(fetchModel('org/mini', options)).rejects.toThrow(/abort/)
    const nobody = fetchModel('org/mini', { folder, baseUrl: 'http://127.0.0.1:1', log })
    await expect(nobody).rejects.toMatchObject({
      code: 'unavailable',
      message: 'http://127.0.0.1:1 cannot be reached',
    })
  })

  test('a fetched file that changes later is not used', async () => {
    const { folder: place } = await fetchModel('org/mini', { folder, baseUrl, log })
    await appendFile(path.join(place, 'onnx', 'model.onnx'), 'x')
    await expect(resolveModel({ model: 'org/mini', folder })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('onnx/model.onnx changed'),
    })
  })
})
