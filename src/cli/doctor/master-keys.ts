import type { EntityManager } from '@mikro-orm/postgresql'
import type { Logger } from '../../core/logger.ts'
import { openDatabase } from '../../database/database.ts'
import { entities } from '../../entities.ts'
import { checkMasterKeys, keysInUse } from '../../secrets/key-check.ts'
import type { Keyring } from '../../secrets/keyring.ts'
import type { OpenedDatabase } from './database.ts'
import { type Finding, fail, messageOf, ok } from './finding.ts'

const what = 'stored credentials'

/** The check of every start, rolled back: the doctor leaves no trace. */
export async function checkStoredCredentials(
  { addresses }: OpenedDatabase,
  keyring: Keyring,
  log: Logger,
): Promise<Finding> {
  try {
    const database = await openDatabase({
      url: addresses.appUrl,
      role: addresses.role,
      entities,
      poolMax: 2,
      slowQueryMs: 60_000,
      log,
    })
    try {
      const em = database.orm.em.fork() as EntityManager
      await em.begin()
      try {
        await checkMasterKeys(em, keyring)
        const used = await keysInUse(em)
        const profiles = used.reduce((sum, use) => sum + use.profiles, 0)
        return ok(what, `the master keys open all ${profiles} credential profiles`)
      } finally {
        await em.rollback()
      }
    } finally {
      await database.close()
    }
  } catch (error) {
    return fail(what, messageOf(error), 'Put the missing key back into ENCRYPTION_KEYS.')
  }
}
