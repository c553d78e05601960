import type { EntityManager } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'

/** First half of the advisory lock's key: keeps our locks apart from other people's. */
const lockClass = 0x0ea2

/**
 * Runs `work` while holding the profile's lock, or gives null when somebody else holds it. The lock
 * lives in a connection of its own: it ends with the process, however that dies.
 */
export async function withProfileLock<T>(
  em: EntityManager,
  profileId: string,
  work: () => Promise<T>,
): Promise<T | null> {
  const pool = (await em.getConnection().getNativeClient()) as Pool
  const client = await pool.connect()
  const key = [lockClass, Number(BigInt(profileId) % 2_147_483_647n)]
  try {
    const { rows } = await client.query('select pg_try_advisory_lock($1, $2) as held', key)
    if (!rows[0].held) return null
    try {
      return await work()
    } finally {
      await client.query('select pg_advisory_unlock($1, $2)', key)
    }
  } finally {
    client.release()
  }
}
