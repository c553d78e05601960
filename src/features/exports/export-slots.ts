import type { Pool } from 'pg'
import { AppError } from '../../core/errors.ts'

type Held = Map<string, number>

/** Counted where the scarce thing is: each export holds a connection of its pool to its end. */
const heldByPool = new WeakMap<Pool, Held>()

const mostExports = 4
const mostOfWorkspace = 2
const retryAfterS = 10

/** Takes one of the few places for an export, and gives the function that frees it. */
export function takeSlot(pool: Pool, workspaceId: string): () => void {
  const held: Held = heldByPool.get(pool) ?? new Map()
  heldByPool.set(pool, held)
  const own = held.get(workspaceId) ?? 0
  const all = [...held.values()].reduce((sum, count) => sum + count, 0)
  if (own >= mostOfWorkspace) {
    const message = `${mostOfWorkspace} exports of this workspace are running: try again when one is done.`
    throw new AppError('rate_limited', message, { retryAfterS })
  }
  // At most half of the connections: the rest is for everybody who does not export.
  if (all >= Math.min(mostExports, Math.floor(pool.options.max / 2))) {
    throw new AppError('unavailable', 'All places for exports are taken: try again shortly.', {
      retryAfterS,
    })
  }
  held.set(workspaceId, own + 1)
  return () => {
    const left = (held.get(workspaceId) ?? 1) - 1
    if (left > 0) held.set(workspaceId, left)
    else held.delete(workspaceId)
  }
}
