import { EventEmitter, once } from 'node:events'
import type { Pool } from 'pg'
import { AppError } from '../../core/errors.ts'

type Slots = { held: Map<string, number>; freed: EventEmitter }

/** Counted where the scarce thing is: each export holds a connection of its pool to its end. */
const slotsByPool = new WeakMap<Pool, Slots>()

const mostExports = 4
const mostOfWorkspace = 2
const retryAfterS = 10
/** Whoever has just read the last byte of one may ask for the next before its end is written down. */
const patienceMs = 1_000

/** Takes one of the few places for an export, and gives the function that frees it. */
export async function takeSlot(pool: Pool, workspaceId: string): Promise<() => void> {
  const slots = slotsByPool.get(pool) ?? {
    held: new Map(),
    freed: new EventEmitter().setMaxListeners(0),
  }
  slotsByPool.set(pool, slots)
  const patience = AbortSignal.timeout(patienceMs)
  for (;;) {
    const refusal = refusalOf(slots, pool, workspaceId)
    if (!refusal) return take(slots, workspaceId)
    const again = await once(slots.freed, 'freed', { signal: patience }).catch(() => null)
    if (!again) throw refusal
  }
}

function refusalOf({ held }: Slots, pool: Pool, workspaceId: string): AppError | null {
  const own = held.get(workspaceId) ?? 0
  const all = [...held.values()].reduce((sum, count) => sum + count, 0)
  if (own >= mostOfWorkspace) {
    const message = `${mostOfWorkspace} exports of this workspace are running: try again when one is done.`
    return new AppError('rate_limited', message, { retryAfterS })
  }
  // At most half of the connections: the rest is for everybody who does not export.
  if (all >= Math.min(mostExports, Math.floor(pool.options.max / 2))) {
    const message = 'All places for exports are taken: try again shortly.'
    return new AppError('unavailable', message, { retryAfterS })
  }
  return null
}

function take({ held, freed }: Slots, workspaceId: string): () => void {
  held.set(workspaceId, (held.get(workspaceId) ?? 0) + 1)
  return () => {
    const left = (held.get(workspaceId) ?? 1) - 1
    if (left > 0) held.set(workspaceId, left)
    else held.delete(workspaceId)
    freed.emit('freed')
  }
}
