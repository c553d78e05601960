import type { EntityManager } from '@mikro-orm/postgresql'
import type pg from 'pg'
import { type AuditEvent, recordAudit } from '../../src/audit/audit.ts'
import { sealChains } from '../../src/audit/seal.service.ts'
import { verifyAudit } from '../../src/audit/verify.service.ts'
import { fixedClock } from '../../src/core/clock.ts'
import { createLogger } from '../../src/core/logger.ts'
import type { Origin } from '../../src/core/origin.ts'
import { freshMasterKey } from '../../src/secrets/fresh-secrets.ts'
import { createKeyring } from '../../src/secrets/keyring.ts'
import { createTestDatabase } from './database.ts'
import { asOwner } from './servers.ts'

export const auditClock = fixedClock(new Date('2026-11-21T09:00:00.123Z'))
export const auditOrigin: Origin = {
  kind: 'user',
  userId: '7',
  name: null,
  requestId: 'request-1',
  ip: '192.0.2.7',
  userAgent: 'Browser/1',
}

/** A database with its application, a keyring, and an attacker who owns the database. */
export async function openAuditStage() {
  const database = await createTestDatabase()
  const app = await database.open()
  const keys = [freshMasterKey(auditClock.now())]
  const log = createLogger({ level: 'silent', name: 'test' })
  const fork = () => app.orm.em.fork() as EntityManager
  const keyring = () => createKeyring(keys.join(','))
  const needs = () => ({ em: fork(), keyring: keyring(), clock: auditClock, log })
  return {
    database,
    fork,
    needs,
    keys,
    record: (event: AuditEvent, changes: { em?: EntityManager; origin?: Partial<Origin> } = {}) =>
      recordAudit(
        {
          em: changes.em ?? fork(),
          clock: auditClock,
          origin: { ...auditOrigin, ...changes.origin },
        },
        event,
      ),
    verify: (options: Parameters<typeof verifyAudit>[1] = {}) => verifyAudit(needs(), options),
    seal: () => sealChains(needs()),
    /** As whoever holds the database: nothing that the database itself guards is left. */
    attack: (work: (client: pg.Client) => Promise<unknown>) =>
      asOwner(database.ownerUrl, async (client) => {
        for (const table of ['audit_log', 'audit_heads']) {
          await client.query(`alter table ${table} no force row level security`)
        }
        await client.query('alter table audit_log disable trigger user')
        await work(client)
      }),
    /** Reads past row-level security. */
    ask: <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
      asOwner(database.ownerUrl, async (client) => {
        await client.query('set role earshot_system')
        return (await client.query<Row>(sql, values)).rows
      }),
  }
}
export type AuditStage = Awaited<ReturnType<typeof openAuditStage>>
