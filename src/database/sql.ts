import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'

export { sql } from 'kysely'

/**
 * Runs one statement and gives its rows, in the em's running transaction or, where there is none,
 * in a short one of its own: the workspace of `forWorkspace` only holds inside a transaction.
 */
export async function rows<Row>(em: EntityManager, statement: RawBuilder<Row>): Promise<Row[]> {
  const run = async (inner: EntityManager) =>
    (await statement.execute(inner.getKysely<object>() as never)).rows
  return em.isInTransaction() ? run(em) : em.transactional((inner) => run(inner as EntityManager))
}

/** The first row, or null. */
export const firstRow = async <Row>(em: EntityManager, statement: RawBuilder<Row>) =>
  (await rows(em, statement))[0] ?? null
