import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { AppError } from '../../src/core/errors.ts'
import { SealError } from '../../src/secrets/aes-gcm.ts'
import { createKeyring } from '../../src/secrets/keyring.ts'
import { openSecretStores } from '../../src/secrets/stores/open-stores.ts'
import type { SecretStore, StoreName } from '../../src/secrets/stores/secret-store.ts'
import {
  type Fault,
  type SecretsManagerFake,
  startSecretsManager,
} from '../support/secrets-manager-fake.ts'

const owner = { workspaceId: '3', profileId: '17' }
const fields = { clientId: 'public', clientSecret: `canary-${randomBytes(8).toString('hex')}` }
const keyring = createKeyring(`k1:${randomBytes(32).toString('base64')}`)

let aws: SecretsManagerFake
let stores: ReturnType<typeof openSecretStores>
beforeAll(async () => {
  aws = await startSecretsManager()
  const config = { kind: 'aws', region: 'eu-central-1', url: aws.url, prefix: 'test/' } as const
  stores = openSecretStores(config, keyring)
})
afterEach(() => aws.fail(null))
afterAll(async () => {
  stores.close()
  await aws.close()
})

describe.each<StoreName>(['database', 'aws'])('SEC-21: the store %s', (name) => {
  let store: SecretStore
  beforeAll(() => {
    store = stores.byName(name)
  })

  test('gives back what it was given, and keeps nothing of it in the row', async () => {
    const kept = await store.keep(owner, fields)
    expect(kept.secretStore).toBe(name)
    expect(await store.open(owner, kept)).toEqual(fields)
    expect(JSON.stringify(kept)).not.toContain('canary')
    const inRow = kept.keyId !== null && kept.wrappedKey !== null && kept.secretRef === null
    expect(inRow).toBe(name === 'database')
  })

  test('SEC-16: opens for no other profile and no other workspace', async () => {
    const kept = await store.keep(owner, fields)
    for (const other of [
      { ...owner, profileId: '18' },
      { ...owner, workspaceId: '4' },
    ]) {
      await expect(store.open(other, kept)).rejects.toThrow(SealError)
    }
  })

  test('keeping twice keeps once, and the last one counts', async () => {
    await store.keep(owner, fields)
    const again = await store.keep(owner, { ...fields, clientId: 'other' })
    expect(await store.open(owner, again)).toEqual({ ...fields, clientId: 'other' })
  })

  test('what is replaced still opens with the row as it was: a rollback loses nothing', async () => {
    const first = await store.keep(owner, fields)
    const second = await store.replace(owner, first, { apiKey: 'renewed' })
    expect(await store.open(owner, second)).toEqual({ apiKey: 'renewed' })
    expect(await store.open(owner, first)).toEqual(fields)
  })

  test('removing twice is removing once', async () => {
    const ref = store.refOf(owner) ?? ''
    await store.keep(owner, fields)
    await store.remove(ref)
    await store.remove(ref)
    expect(aws.secrets.has(ref)).toBe(false)
  })
})

describe('SEC-21: AWS Secrets Manager', () => {
  const store = () => stores.byName('aws')
  const refusalOf = async (work: () => Promise<unknown>): Promise<AppError> => {
    const error = await work().then(
      () => null,
      (reason: unknown) => reason,
    )
    if (!(error instanceof AppError)) throw new Error(`not refused in words, but ${error}`)
    return error
  }

  test('has each secret under its own name', async () => {
    await store().keep(owner, fields)
    expect(store().refOf(owner)).toBe('test/3/17')
    expect(aws.secrets.get('test/3/17')?.versions.size).toBe(1)
    await store().remove('test/3/17')
  })

  test.each<[Fault, RegExp]>([
    [
      'denied',
      /refuses Earshot's own access \(secretsmanager:\w+ on 'test\/3\/17' is not allowed\)/,
    ],
    ['throttled', /is asked too often at the moment/],
    ['broken', /does not answer as it should/],
    ['garbage', /does not answer as it should/],
    ['hangs-up', /does not answer as it should/],
  ])('that is %s says so in words without a secret, on every call', async (fault, words) => {
    const kept = await store().keep(owner, fields)
    aws.fail(fault)
    for (const work of [
      () => store().keep(owner, fields),
      () => store().open(owner, kept),
      () => store().replace(owner, kept, fields),
    ]) {
      const error = await refusalOf(work)
      expect([error.code, error.message]).toEqual(['unavailable', expect.stringMatching(words)])
      expect(error.message + error.stack + String(error.cause)).not.toContain('canary')
    }
  })

  test('is tried three times, no more, and a short outage is not noticed', async () => {
    const kept = await store().keep(owner, fields)
    aws.fail('broken', 2)
    expect(await store().open(owner, kept)).toEqual(fields)
    aws.fail('broken')
    const before = aws.calls.length
    await refusalOf(() => store().open(owner, kept))
    expect(aws.calls.length - before).toBe(3)
  })

  test('a try whose answer was lost has kept the secret once', async () => {
    await store().remove('test/3/17')
    aws.fail('hangs-up', 1)
    const kept = await store().keep(owner, fields)
    expect(aws.secrets.get('test/3/17')?.versions.size).toBe(1)
    expect(await store().open(owner, kept)).toEqual(fields)
  })

  test('that never answers is given up after its time', async () => {
    const kept = await store().keep(owner, fields)
    aws.fail('slow')
    const started = performance.now()
    const error = await refusalOf(() => store().open(owner, kept))
    expect(error.message).toMatch(/does not answer as it should/)
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  test('whose secret is gone says what to do', async () => {
    const kept = await store().keep(owner, fields)
    aws.secrets.delete('test/3/17')
    const error = await refusalOf(() => store().open(owner, kept))
    expect(error.message).toContain("has no secret 'test/3/17': enter these credentials again")
  })

  test('whose secret somebody has changed there opens nothing', async () => {
    const kept = await store().keep(owner, fields)
    const secret = aws.secrets.get('test/3/17')
    const version = [...(secret?.versions.keys() ?? [])].at(-1) ?? ''
    for (const text of ['', 'no JSON canary', '{"fields":{}}']) {
      secret?.versions.set(version, text)
      const error = await store()
        .open(owner, kept)
        .catch((reason: Error) => reason)
      expect(error).toBeInstanceOf(SealError)
      expect(String(error)).not.toContain('canary')
    }
  })
})
