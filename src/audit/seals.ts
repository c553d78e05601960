import { timingSafeEqual } from 'node:crypto'
import type { Keyring } from '../secrets/keyring.ts'
import { type ChainHead, lengthPrefixed } from './chain.ts'
import type { Seal } from './seals.queries.ts'

const message = ({ chain, seq, hash, at }: Omit<Seal, 'mac' | 'keyId'>) =>
  Buffer.from(lengthPrefixed([chain, seq, hash.toString('hex'), at]))

const purpose = 'audit seal'

/** A head under a MAC of the current master key, which the database does not have. */
export function makeSeal(keyring: Keyring, chain: string, head: ChainHead, now: Date): Seal {
  const keyId = keyring.currentId
  const sealed = {
    chain,
    seq: String(head.seq),
    hash: head.hash,
    at: now.toISOString().replace('Z', '000Z'),
  }
  return { ...sealed, keyId, mac: keyring.mac(keyId, purpose, message(sealed)) }
}

/** unknown: its master key is not here any more, so that nobody can say. */
export function judgeSeal(keyring: Keyring, seal: Seal): 'ours' | 'forged' | 'unknown' {
  if (!keyring.ids.includes(seal.keyId)) return 'unknown'
  const right = keyring.mac(seal.keyId, purpose, message(seal))
  return right.length === seal.mac.length && timingSafeEqual(right, seal.mac) ? 'ours' : 'forged'
}
