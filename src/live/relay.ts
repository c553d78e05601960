import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../database/sql.ts'
import type { LiveBus, LiveMessage } from './bus.ts'

type OutboxRow = {
  id: string
  workspace_id: string
  topic: string
  payload: LiveMessage['payload']
}

const most = 1_000

/**
 * Tells what the outbox holds. Taken and told in one transaction: an event whose telling fails stays,
 * and one may be told twice (its id says so), never not at all.
 */
export const relayOutbox = (em: EntityManager, bus: LiveBus): Promise<number> =>
  em.transactional(async (inner) => {
    const taken = await rows<OutboxRow>(
      inner as EntityManager,
      sql<OutboxRow>`select * from take_outbox(${most}) order by id`,
    )
    if (taken.length === 0) return 0
    await bus.publish(
      taken.map(({ id, workspace_id: workspaceId, topic, payload }) => ({
        id,
        workspaceId,
        topic,
        payload,
      })),
    )
    return taken.length
  })
