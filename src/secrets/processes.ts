import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../database/sql.ts'

export type RunningProcess = {
  id: string
  name: string
  host: string
  pid: number
  /** The one that it seals with comes first. */
  keyIds: string[]
}

/** A process that was not seen for so long is taken for dead. */
const deadAfterS = 60

/**
 * A process that joins waits for the batch of a rotation that is running, and the next batch sees it:
 * no row is ever moved to a key behind the back of a process that starts.
 */
const lockName = 'earshot.master-keys'
export const lockKeys = (em: EntityManager, mode: 'shared' | 'exclusive') =>
  mode === 'shared'
    ? rows(em, sql`select pg_advisory_xact_lock_shared(hashtext(${lockName}))`)
    : rows(em, sql`select pg_advisory_xact_lock(hashtext(${lockName}))`)

/** Says that this process lives, and which keys it holds. */
export const joinProcesses = (em: EntityManager, process: RunningProcess): Promise<void> =>
  em.transactional(async (inner) => {
    const em = inner as EntityManager
    await lockKeys(em, 'exclusive')
    const { id, name, host, pid, keyIds } = process
    await rows(
      em,
      sql`insert into processes (id, name, host, pid, key_ids, started_at, seen_at)
        values (${id}, ${name}, ${host}, ${pid}, ${keyIds}, now(), now())
        on conflict (id) do update set key_ids = excluded.key_ids, seen_at = now()`,
    )
    await rows(em, sql`delete from processes where seen_at < now() - interval '1 day'`)
  })

/** false: the others have taken it for dead meanwhile, so it has to join again. */
export async function beat(em: EntityManager, id: string, keyIds: string[]): Promise<boolean> {
  const seen = await firstRow(
    em,
    sql`update processes set key_ids = ${keyIds}, seen_at = now()
      where id = ${id} and seen_at > now() - make_interval(secs => ${deadAfterS}) returning id`,
  )
  return seen !== null
}

export const leaveProcesses = (em: EntityManager, id: string) =>
  rows(em, sql`delete from processes where id = ${id}`)

export const livingProcesses = (em: EntityManager): Promise<RunningProcess[]> =>
  rows(
    em,
    sql<RunningProcess>`select id, name, host, pid, key_ids as "keyIds" from processes
      where seen_at > now() - make_interval(secs => ${deadAfterS}) order by name, host, pid`,
  )
