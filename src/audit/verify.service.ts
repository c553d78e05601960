import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import type { Keyring } from '../secrets/keyring.ts'
import { findChains } from './chain.queries.ts'
import type { ChainRow } from './chain.ts'
import type { Fault } from './check-chain.ts'
import { erasureCheck } from './erasures.ts'
import { findLastSeals, type Seal } from './seals.queries.ts'
import { judgeSeal } from './seals.ts'
import { type ChainReport, verifyChain } from './verify-chain.ts'

/** Heads as an earlier verification printed them. */
export const NotedHeads = z.object({
  chains: z.array(
    z.object({ chain: z.string(), head: z.object({ seq: z.string(), hash: z.string() }) }),
  ),
})
export type NotedHeads = z.infer<typeof NotedHeads>

export type AuditReport = {
  ok: boolean
  chains: ChainReport[]
  rows: number
  /** What is wrong with the log as a whole: chains that are gone, forgetting without a deletion. */
  faults: string[]
  erasedRows: number
  /** Workspaces that were deleted, and whose last row the system's chain keeps. */
  deletedWorkspaces: number
  sealsUnknownKey: number
}

type Needs = { em: EntityManager; keyring: Keyring }
type Options = {
  /** One chain alone: then nothing is said about the log as a whole. */
  chain?: string
  noted?: NotedHeads
  onChain?: (report: ChainReport) => void
}

const system = '0'

/** Recomputes every chain, without the database's help, and says all that cannot be. */
export async function verifyAudit(needs: Needs, options: Options = {}): Promise<AuditReport> {
  const erasures = erasureCheck()
  const ends = new Map<string, { seq: string; hash: string }>()
  const onRow = (row: ChainRow) => {
    erasures.row(row)
    noteEnd(ends, row)
  }
  const noted = new Map(options.noted?.chains.map(({ chain, head }) => [chain, head]))
  const chains: ChainReport[] = []
  for (const chain of await chainsToRead(needs.em, options.chain)) {
    const head = noted.get(chain)
    const report = await verifyChain(needs, chain, { onRow, ...(head && { noted: head }) })
    if (!report) continue
    chains.push(report)
    options.onChain?.(report)
  }
  const faults: string[] = []
  const erased = erasures.end()
  if (options.chain === undefined) {
    const there = new Set(chains.map(({ chain }) => chain))
    faults.push(...(await goneChains(needs, { there, ends, noted })))
    faults.push(
      ...erased.faults.map(({ chain, seq, problem }) => `Chain ${chain}, row ${seq} ${problem}`),
    )
    if (erased.surplus > 0) {
      faults.push(`${erased.surplus} more rows were forgotten than the deletions of accounts say`)
    }
  }
  return {
    ok: faults.length === 0 && chains.every(({ faultCount }) => faultCount === 0),
    chains,
    rows: chains.reduce((sum, { rows }) => sum + rows, 0),
    faults,
    erasedRows: erased.count,
    deletedWorkspaces: ends.size,
    sealsUnknownKey: chains.reduce((sum, { seals }) => sum + seals.unknownKey, 0),
  }
}

/** The system's comes last: by then it knows of every workspace that went away meanwhile. */
async function chainsToRead(em: EntityManager, only: string | undefined): Promise<string[]> {
  if (only !== undefined) return [only]
  const found = (await findChains(em)).map(({ chain }) => chain)
  return [...found.filter((chain) => chain !== system), system]
}

const End = z.object({
  workspaceId: z.string(),
  auditSeq: z.string(),
  auditHash: z.string().nullable(),
})

function noteEnd(ends: Map<string, { seq: string; hash: string }>, row: ChainRow): void {
  if (row.action !== 'workspace.deleted' || row.chain !== system) return
  const end = End.safeParse(JSON.parse(row.details))
  if (!end.success) return
  const { workspaceId, auditSeq: seq, auditHash: hash } = end.data
  ends.set(workspaceId, { seq, hash: hash ?? '' })
}

type Known = {
  there: Set<string>
  ends: Map<string, { seq: string; hash: string }>
  noted: Map<string, { seq: string; hash: string }>
}

/** Chains that a seal or a note knows, and that are not there: deleted with a word, or taken away. */
async function goneChains(
  { em, keyring }: Needs,
  { there, ends, noted }: Known,
): Promise<string[]> {
  const seals = await findLastSeals(em)
  const last = new Map<string, Pick<Seal, 'seq'> & { hash: string }>(noted)
  for (const seal of seals) {
    if (judgeSeal(keyring, seal) === 'forged') continue
    last.set(seal.chain, { seq: seal.seq, hash: seal.hash.toString('hex') })
  }
  return [...last].flatMap(([chain, { seq, hash }]) => {
    if (there.has(chain)) return []
    const end = ends.get(chain)
    if (!end) return [`Chain ${chain} is gone, and no deletion of that workspace is written`]
    const short = BigInt(end.seq) < BigInt(seq)
    const other = end.seq === seq && end.hash !== hash
    if (!short && !other) return []
    return [
      `Chain ${chain} was deleted at row ${end.seq}, which is not where it was sealed (${seq})`,
    ]
  })
}

export type { Fault }
