import type { EntityManager } from '@mikro-orm/postgresql'
import type { Keyring } from '../secrets/keyring.ts'
import { atOneMoment, findChainRows, findHead } from './chain.queries.ts'
import type { ChainHead, ChainRow } from './chain.ts'
import { type ChainCheck, checkChain, checkHead, type Fault } from './check-chain.ts'
import { findSeals, type Seal } from './seals.queries.ts'
import { judgeSeal } from './seals.ts'

export type ChainReport = {
  chain: string
  /** Where it ends: noted elsewhere, it shows later that nothing before it was rewritten. */
  head: { seq: string; hash: string }
  faults: Fault[]
  /** Of all faults, also those that are not told one by one. */
  faultCount: number
  rows: number
  seals: { checked: number; unknownKey: number }
}

type Needs = { em: EntityManager; keyring: Keyring }
type Look = {
  /** Of each row, once it is checked. */
  onRow?: (row: ChainRow) => void
  /** A head that somebody noted elsewhere. */
  noted?: { seq: string; hash: string }
}

const pageSize = 2_000
const largest = 2n ** 63n - 1n

/** Reads a chain from its beginning, or from a row that is known to be right, to its end. */
export async function readChain(
  em: EntityManager,
  check: ChainCheck,
  chain: string,
  onRow: (row: ChainRow) => void = () => {},
): Promise<void> {
  const { seq } = check.last()
  let place = { after: seq === 0n ? -largest : seq, afterId: String(largest) }
  for (;;) {
    const page = await findChainRows(em, chain, { ...place, most: pageSize })
    for (const row of page) {
      check.add(row)
      onRow(row)
    }
    const last = page.at(-1)
    if (!last || page.length < pageSize) return
    place = { after: BigInt(last.seq), afterId: last.id }
  }
}

/** Everything that can be known of one chain; null: it is not there (any more). */
export const verifyChain = (
  { em, keyring }: Needs,
  chain: string,
  { onRow, noted }: Look = {},
): Promise<ChainReport | null> =>
  atOneMoment(em, async (inner) => {
    const head = await findHead(inner, chain)
    const check = checkChain(chain)
    let rowCount = 0
    const sealed = sealCheck(keyring, check, await findSeals(inner, chain), noted)
    await readChain(inner, check, chain, (row) => {
      rowCount += 1
      sealed.row(row)
      onRow?.(row)
    })
    if (!head && rowCount === 0) return null
    checkHead(check, head)
    sealed.end()
    const { seq, hash } = check.last()
    return {
      chain,
      head: { seq: String(seq), hash: hash.toString('hex') },
      faults: check.faults,
      faultCount: check.count(),
      rows: rowCount,
      seals: sealed.counts,
    }
  })

/** Holds rows against what was sealed, or noted elsewhere, when they were the last of their chain. */
function sealCheck(
  keyring: Keyring,
  check: ChainCheck,
  seals: Seal[],
  noted: Look['noted'],
): { row: (row: ChainRow) => void; end: () => void; counts: ChainReport['seals'] } {
  const counts = { checked: 0, unknownKey: 0 }
  const due = new Map<string, { hash: string; by: string }[]>()
  const expect = (seq: string, hash: string, by: string) =>
    due.set(seq, [...(due.get(seq) ?? []), { hash, by }])
  for (const seal of seals) {
    const judged = judgeSeal(keyring, seal)
    if (judged === 'unknown') counts.unknownKey += 1
    else if (judged === 'forged')
      check.fault(seal.seq, 'has a seal that no master key of ours made')
    else {
      counts.checked += 1
      expect(seal.seq, seal.hash.toString('hex'), `the seal of ${seal.at}`)
    }
  }
  if (noted) expect(noted.seq, noted.hash, 'the head that was noted')
  return {
    counts,
    row: (row) => {
      for (const { hash, by } of due.get(row.seq) ?? []) {
        if (hash !== row.hash.toString('hex')) check.fault(row.seq, `is not the one under ${by}`)
      }
      due.delete(row.seq)
    },
    end: () => {
      const { seq }: ChainHead = check.last()
      for (const [missing, [first]] of due) {
        check.fault(
          missing,
          `is gone, and ${first?.by} says that it was there (now ${seq} is last)`,
        )
      }
    },
  }
}
