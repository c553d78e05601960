import type { EntityManager } from '@mikro-orm/postgresql'
import { findObserved } from '../../coverage/index.ts'
import type { Range } from '../counts/period.ts'
import { findFirstTag } from './authors.queries.ts'

/**
 * The share of each period in which what is watched now was watched then, 0 to 1. Posts that nobody
 * watches for (imported, the community's own) are known since the first of them.
 */
export async function observedShares(
  em: EntityManager,
  periods: readonly Range[],
  platform: string | undefined,
): Promise<number[]> {
  const windows = periods.map(({ from, to }) => ({ from: new Date(from), to: new Date(to) }))
  const told = await findObserved(em, windows, { platform })
  const first = told[0]?.sources ? null : await findFirstTag(em)
  return periods.map(({ from, to }, index) => {
    const { sources = 0, seconds = 0 } = told[index] ?? {}
    if (sources > 0) return Math.min(1, (seconds * 1_000) / (sources * (to - from)))
    const since = first?.getTime() ?? Number.POSITIVE_INFINITY
    return Math.max(0, Math.min(1, (to - since) / (to - from)))
  })
}
