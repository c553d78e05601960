import type { EntityManager } from '@mikro-orm/postgresql'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { Keyring } from '../secrets/keyring.ts'
import { atOneMoment, findChains, findHead } from './chain.queries.ts'
import type { ChainHead } from './chain.ts'
import { checkChain, checkHead, type Fault } from './check-chain.ts'
import { findLastSeals, insertSeal, type Seal } from './seals.queries.ts'
import { judgeSeal, makeSeal } from './seals.ts'
import { readChain } from './verify-chain.ts'

type Needs = { em: EntityManager; keyring: Keyring; clock: Clock; log: Logger }
export type Sealing = {
  sealed: number
  unchanged: number
  broken: { chain: string; fault: Fault }[]
}

/**
 * Puts every chain's head under a seal, after looking at what came since the last one. A chain that
 * does not hold is not sealed: a seal must not make right what is wrong.
 */
export async function sealChains(needs: Needs): Promise<Sealing> {
  const { em, log } = needs
  const lastSeals = new Map((await findLastSeals(em)).map((seal) => [seal.chain, seal]))
  const sealing: Sealing = { sealed: 0, unchanged: 0, broken: [] }
  for (const { chain, head } of await findChains(em)) {
    const last = lastSeals.get(chain)
    const outcome = isSealed(needs.keyring, head, last)
      ? 'unchanged'
      : await sealChain(needs, chain, last)
    if (outcome === 'sealed') sealing.sealed += 1
    else if (outcome === 'unchanged') sealing.unchanged += 1
    else if (outcome !== 'gone') {
      sealing.broken.push({ chain, fault: outcome })
      log.error({ chain, ...outcome }, 'the audit log does not hold: run `audit verify`')
    }
  }
  return sealing
}

const isSealed = (keyring: Keyring, head: ChainHead | null, last: Seal | undefined) =>
  head !== null &&
  last?.seq === String(head.seq) &&
  last.hash.equals(head.hash) &&
  last.keyId === keyring.currentId &&
  judgeSeal(keyring, last) === 'ours'

async function sealChain(
  { em, keyring, clock }: Needs,
  chain: string,
  last: Seal | undefined,
): Promise<'sealed' | 'unchanged' | 'gone' | Fault> {
  const known = last && judgeSeal(keyring, last) === 'ours' ? last : null
  const { end, fault } = await atOneMoment(em, (inner) => lookSince(inner, chain, known))
  if (end.seq === 0n) return 'gone'
  if (fault) return fault
  if (known?.seq === String(end.seq) && known.keyId === keyring.currentId) return 'unchanged'
  await insertSeal(em, makeSeal(keyring, chain, end, clock.now()))
  return 'sealed'
}

/** Where a chain ends now, and what is wrong with it since the seal. */
async function lookSince(em: EntityManager, chain: string, seal: Seal | null) {
  const check = checkChain(chain, seal ? { seq: BigInt(seal.seq), hash: seal.hash } : undefined)
  await readChain(em, check, chain)
  const head = await findHead(em, chain)
  if (head || !seal) checkHead(check, head)
  return { end: check.last(), fault: check.faults[0] ?? null }
}
