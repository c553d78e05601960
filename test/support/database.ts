import { randomBytes } from 'node:crypto'
import { createLogger } from '../../src/core/logger.ts'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { entities } from '../../src/entities.ts'
import { asOwner, ensureTemplate, onDatabase, openTestServer } from './servers.ts'

export type TestDatabase = {
  ownerUrl: string
  /** Opens the application's view of it; closed with the database. */
  open: () => Promise<Database>
  close: () => Promise<void>
}

/** A fresh, migrated database of its own for one suite. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await openTestServer()
  const template = await ensureTemplate(server.ownerUrl)
  const name = `earshot_test_${randomBytes(6).toString('hex')}`
  await asOwner(server.ownerUrl, (client) =>
    client.query(`create database ${name} template ${template}`),
  )
  const ownerUrl = onDatabase(server.ownerUrl, name)
  const opened: Database[] = []
  return {
    ownerUrl,
    open: async () => {
      const database = await openDatabase({
        url: ownerUrl,
        role: 'earshot_app',
        entities,
        poolMax: 10,
        slowQueryMs: 60_000,
        log: createLogger({ level: 'silent', name: 'test' }),
      })
      opened.push(database)
      return database
    },
    close: async () => {
      for (const database of opened) await database.close()
      await asOwner(server.ownerUrl, (client) => client.query(`drop database ${name} with (force)`))
      await server.close()
    },
  }
}
