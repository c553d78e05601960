import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { EntityManager } from '@mikro-orm/postgresql'
import { ConfigError, readConfig } from '../../src/config/config.ts'
import { checkMasterKeys, keysInUse } from '../../src/secrets/key-check.ts'
import { createKeyring } from '../../src/secrets/keyring.ts'
import { localSecrets } from '../../src/secrets/local-secrets.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { asOwner } from '../support/servers.ts'

const keyOf = (id: string) => `${id}:${randomBytes(32).toString('base64')}`

describe('SEC-18: the start', () => {
  let database: TestDatabase
  let em: () => EntityManager
  beforeAll(async () => {
    database = await createTestDatabase()
    const { orm } = await database.open()
    em = () => orm.em.fork() as EntityManager
  })
  afterAll(() => database.close())

  const refusalOf = async (keys: string): Promise<string> => {
    const error = await checkMasterKeys(em(), createKeyring(keys)).then(
      () => null,
      (reason: unknown) => reason,
    )
    if (!(error instanceof ConfigError)) throw new Error(`not refused, but ${error}`)
    return error.message
  }

  test('knows its keys again, takes a newer one, and refuses a wrong or missing one', async () => {
    const [k1, k2] = [keyOf('k1'), keyOf('k2')]
    const starts = Array.from({ length: 5 }, () => checkMasterKeys(em(), createKeyring(k1)))
    await Promise.all(starts)
    await checkMasterKeys(em(), createKeyring(k1))

    const wrong = keyOf('k1')
    expect(await refusalOf(wrong)).toContain("The key 'k1' in ENCRYPTION_KEYS is not the one")
    expect(await refusalOf(wrong)).not.toContain(wrong.slice(3))

    await asOwner(database.ownerUrl, async (client) => {
      await client.query(`insert into workspaces (name, created_at) values ('w', now())`)
      await client.query(`set role earshot_app; set app.workspace_id = '1'`)
      await client.query(`insert into credential_profiles (workspace_id, platform, name, key_id,
        wrapped_key, sealed_fields, hints, created_at, updated_at)
        values (1, 'twitch', 'main', 'k1', '', '{}', '{}', now(), now())`)
    })
    expect(await refusalOf(k2)).toContain(
      "lacks the master key 'k1', which seals 1 credential profile.",
    )
    // A refused start has written nothing: its key is still unknown here.
    await checkMasterKeys(em(), createKeyring(`${keyOf('k2')},${k1}`))
    expect(await refusalOf(`${k2},${k1}`)).toContain("The key 'k2'")
    expect(await keysInUse(em())).toEqual([{ keyId: 'k1', profiles: 1, secondFactors: 0 }])
  })

  test('of two processes with different bytes under one new id lets only one go on', async () => {
    const { orm } = await database.open()
    await asOwner(database.ownerUrl, async (client) => {
      await client.query(
        `set role earshot_app; set app.workspace_id = '1'; delete from credential_profiles`,
      )
      await client.query('reset role; delete from master_keys')
    })
    const starts = await Promise.allSettled(
      Array.from({ length: 4 }, () =>
        checkMasterKeys(orm.em.fork() as EntityManager, createKeyring(keyOf('k9'))),
      ),
    )
    expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

describe('SEC-18: secrets of a bare machine', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'earshot-secrets-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))
  const configOf = (more: Record<string, string> = {}) =>
    readConfig({ NODE_ENV: 'test', DATA_DIR: join(folder, 'data'), ...more })
  const path = () => join(folder, 'data', 'secrets.json')

  test('are made once, readable by their owner alone, and agreed on by all who start', async () => {
    const started = await Promise.all(Array.from({ length: 8 }, () => localSecrets(configOf())))
    expect(new Set(started.map((secrets) => JSON.stringify(secrets))).size).toBe(1)
    expect(await localSecrets(configOf())).toEqual(started[0])
    expect((await stat(path())).mode & 0o777).toBe(0o600)
    expect(await readdir(join(folder, 'data'))).toEqual(['secrets.json'])
    createKeyring(started[0]?.encryptionKeys ?? '')
  })

  test('give way to the configuration, one by one, and leave no file where both are set', async () => {
    const JWT_SECRET = 'j'.repeat(40)
    const both = { JWT_SECRET, ENCRYPTION_KEYS: keyOf('k1') }
    expect(await localSecrets(configOf(both))).toEqual({
      jwtSecret: JWT_SECRET,
      encryptionKeys: both.ENCRYPTION_KEYS,
    })
    await expect(stat(path())).rejects.toThrow('ENOENT')
    const mixed = await localSecrets(configOf({ JWT_SECRET }))
    expect(mixed.jwtSecret).toBe(JWT_SECRET)
    expect(JSON.parse(await readFile(path(), 'utf8'))).toMatchObject({
      encryptionKeys: mixed.encryptionKeys,
    })
  })

  test('of a damaged file stop the start and are not written over', async () => {
    await localSecrets(configOf())
    await writeFile(path(), '{"jwtSecret":"half-a-secr')
    await expect(localSecrets(configOf())).rejects.toThrow(ConfigError)
    await expect(localSecrets(configOf())).rejects.not.toThrow('half-a-secr')
    expect(await readFile(path(), 'utf8')).toBe('{"jwtSecret":"half-a-secr')
  })
})
