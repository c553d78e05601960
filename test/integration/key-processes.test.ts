import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { EntityManager } from '@mikro-orm/postgresql'
import { createLogger } from '../../src/core/logger.ts'
import { holdKeys } from '../../src/secrets/hold-keys.ts'
import { keyOwner } from '../../src/secrets/key-owner.ts'
import { createKeyring } from '../../src/secrets/keyring.ts'
import { livingProcesses, lockKeys } from '../../src/secrets/processes.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { asOwner } from '../support/servers.ts'
import { until } from '../support/until.ts'

const keyOf = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const log = createLogger({ level: 'silent', name: 'test' })
const k1 = keyOf('k1')

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

async function hold(keys: string, name: 'api' | 'worker' | 'cli' = 'worker') {
  const { orm } = await database.open()
  const em = () => orm.em.fork() as EntityManager
  const keyring = createKeyring(keys)
  return { em, keyring, held: await holdKeys({ em, keyring, name, log }) }
}

const living = async (em: EntityManager) =>
  (await livingProcesses(em)).map(({ name, pid, keyIds }) => ({ name, pid, keyIds }))

test('SEC-17: processes say which keys they hold, the one they seal with first, until they end', async () => {
  const { em, held } = await hold(k1, 'api')
  const command = await hold(k1, 'cli')
  expect(await living(em())).toEqual([{ name: 'api', pid: process.pid, keyIds: ['k1'] }])
  // A new key in front seals nothing before it is chosen: others could not read it.
  const newer = await hold(`${keyOf('k2')},${k1}`)
  expect(newer.keyring.currentId).toBe('k1')
  expect(await living(em())).toContainEqual({
    name: 'worker',
    pid: process.pid,
    keyIds: ['k1', 'k2'],
  })
  await keyOwner(database.ownerUrl).choose('k2')
  await until('it seals with the chosen key', () => newer.keyring.currentId === 'k2')
  await until('and says so', async () =>
    (await living(em())).some(({ keyIds }) => keyIds.join() === 'k2,k1'),
  )
  await keyOwner(database.ownerUrl).choose('k1')
  for (const one of [newer, command]) await one.held.close()
  await held.close()
  expect(await living(em())).toEqual([])
})

test('SEC-17: a process that may not start is not waited for', async () => {
  const { orm } = await database.open()
  await expect(hold(keyOf('k1'))).rejects.toThrow("The key 'k1' in ENCRYPTION_KEYS is not the one")
  expect(await living(orm.em.fork() as EntityManager)).toEqual([])
})

test('SEC-18: a process with a key of its own alone does not start beside others', async () => {
  const { held } = await hold(k1)
  await expect(hold(keyOf('k7'))).rejects.toThrow(
    /ENCRYPTION_KEYS lacks the master key 'k1', with which the worker on host .+ seals\./,
  )
  await held.close()
  // Nothing is sealed and nobody runs: then it may.
  const alone = await hold(keyOf('k8'))
  expect(alone.keyring.currentId).toBe('k8')
  await alone.held.close()
})

test('SEC-17: one that was taken for dead joins again', async () => {
  const { em, held } = await hold(k1)
  await asOwner(database.ownerUrl, (client) =>
    client.query(`update processes set seen_at = now() - interval '2 minutes'`),
  )
  expect(await living(em())).toEqual([])
  await until('it is back', async () => (await living(em())).length === 1)
  await held.close()
})

test('SEC-17: one that starts in the middle of a batch waits for its end, and the next batch sees it', async () => {
  const { em, held } = await hold(k1)
  let joined = false
  const { started } = await em().transactional(async (inner) => {
    await lockKeys(inner as EntityManager, 'shared')
    const starting = hold(k1, 'api').then((other) => {
      joined = true
      return other
    })
    await until('it waits for the batch', async () => {
      const waiting = await asOwner(database.ownerUrl, (client) =>
        client.query(
          `select from pg_locks where locktype = 'advisory' and not granted
             and database = (select oid from pg_database where datname = current_database())`,
        ),
      )
      return waiting.rowCount === 1
    })
    expect(joined).toBe(false)
    return { started: starting }
  })
  const other = await started
  expect(await living(em())).toHaveLength(2)
  await other.held.close()
  await held.close()
})
