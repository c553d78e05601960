import { z } from 'zod'
import type { ChainRow } from './chain.ts'
import type { Fault } from './check-chain.ts'

const Deletion = z.object({ forgotten: z.number().int().nonnegative() })

/**
 * Rows whose `personal` was forgotten, held against the deletions of accounts in the system's chain:
 * a row of a person who is still there must not have lost it, and in all no more rows may have lost
 * it than the deletions say they took it from.
 */
export function erasureCheck() {
  const erased = new Map<string, { chain: string; seq: string; people: string[] }>()
  const deleted = new Set<string>()
  let count = 0
  let allowed = 0
  return {
    row: (row: ChainRow) => {
      if (row.action === 'account.deleted' && row.chain === '0' && row.objectId) {
        deleted.add(row.objectId)
        const deletion = Deletion.safeParse(JSON.parse(row.details))
        if (deletion.success) allowed += deletion.data.forgotten
      }
      if (row.personal !== null) return
      count += 1
      const people = [row.actorId, row.objectKind === 'user' ? row.objectId : null].filter(
        (id) => id !== null,
      )
      // One of each kind is enough to tell where to look.
      const key = people.join(' ')
      if (!erased.has(key)) erased.set(key, { chain: row.chain, seq: row.seq, people })
    },
    end: () => {
      const faults: (Fault & { chain: string })[] = []
      for (const { chain, seq, people } of erased.values()) {
        if (people.length === 0 || people.some((id) => deleted.has(id))) continue
        const problem = `lost whose it was, and no account ${people.join(' or ')} was deleted`
        faults.push({ chain, seq, problem })
      }
      const surplus = count - allowed
      return { count, surplus: Math.max(0, surplus), faults }
    },
  }
}
