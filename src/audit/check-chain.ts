import { type ChainHead, type ChainRow, hashOf, personalDigestOf, startOf } from './chain.ts'

/** Something that cannot be unless somebody changed the log. */
export type Fault = { seq: string; problem: string }

/** So many are told of a chain; the others are counted. */
const mostTold = 20

/** Looks at one chain row by row, oldest first, and remembers what is wrong with it. */
export type ChainCheck = {
  add: (row: ChainRow) => void
  /** The last row that was looked at. */
  last: () => ChainHead
  fault: (seq: bigint | string, problem: string) => void
  faults: Fault[]
  count: () => number
}

/** `from`: rows up to there are known to be right; left out: from the chain's beginning. */
export function checkChain(chain: string, from?: ChainHead): ChainCheck {
  const faults: Fault[] = []
  let count = 0
  let { seq, hash } = from ?? { seq: 0n, hash: startOf(chain) }
  const fault = (at: bigint | string, problem: string) => {
    count += 1
    if (faults.length < mostTold) faults.push({ seq: String(at), problem })
  }
  return {
    faults,
    fault,
    count: () => count,
    last: () => ({ seq, hash }),
    add: (row) => {
      const place = BigInt(row.seq)
      if (place !== seq + 1n) fault(seq + 1n, missing(seq + 1n, place))
      else if (!row.previousHash.equals(hash)) {
        fault(place, 'does not continue the row before it: one of the two was replaced')
      }
      for (const problem of problemsOf(row, chain)) fault(place, problem)
      seq = place
      hash = row.hash
    },
  }
}

function missing(expected: bigint, found: bigint): string {
  if (found < expected) return `comes a second time (row ${found})`
  const gone = found - expected
  return gone === 1n ? 'is missing' : `is missing, and so are all up to row ${found - 1n}`
}

function* problemsOf(row: ChainRow, chain: string): Generator<string> {
  if (row.chain !== chain || (row.workspaceId ?? '0') !== chain) {
    yield `stands under workspace ${row.workspaceId ?? 'none'}, which is not that of its chain`
  }
  if (!hashOf(row).equals(row.hash)) yield 'was changed: its hash is not that of what it says'
  if (row.personal === null) {
    if (row.salt !== null) yield 'lost who it was about, without the salt that is forgotten with it'
  } else if (row.salt === null || !digestFits(row.personal, row.salt, row)) {
    yield 'says another address, browser or e-mail than it was written with'
  }
}

const digestFits = (personal: string, salt: Buffer, row: ChainRow) =>
  personalDigestOf(personal, salt).equals(row.personalDigest)

/** Whether a chain ends where its head says. */
export function checkHead(check: ChainCheck, head: ChainHead | null): void {
  const last = check.last()
  if (!head) check.fault(last.seq, 'is the last, and the head that should say so is gone')
  else if (head.seq > last.seq) {
    check.fault(last.seq + 1n, `is missing: the head says that the chain goes on to ${head.seq}`)
  } else if (head.seq < last.seq) {
    check.fault(head.seq + 1n, `stands after the head, which ends at ${head.seq}`)
  } else if (!head.hash.equals(last.hash)) {
    check.fault(last.seq, 'is the last, and the head has another hash than it')
  }
}
