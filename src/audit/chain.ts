import { createHash } from 'node:crypto'

/** A row as text, the way PostgreSQL writes each value: what its hash was made from. */
export type ChainRow = {
  id: string
  chain: string
  workspaceId: string | null
  seq: string
  at: string
  action: string
  outcome: string
  actorKind: string
  actorId: string | null
  objectKind: string | null
  objectId: string | null
  requestId: string | null
  details: string
  personal: string | null
  salt: Buffer | null
  personalDigest: Buffer
  previousHash: Buffer
  hash: Buffer
}

export type ChainHead = { seq: bigint; hash: Buffer }

const sha256 = (...parts: (Buffer | string)[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** '<bytes>:<text>' of each field; null is '-'. No two lists of fields read the same. */
const field = (text: string | null) => (text === null ? '-' : `${Buffer.byteLength(text)}:${text}`)

export const lengthPrefixed = (fields: (string | null)[]) => fields.map(field).join('')

/** What the first row of a chain continues. */
export const startOf = (chain: string) => sha256(`earshot audit ${chain}`)

/** The hash that a row must have. It says again, in Node, what the door append_audit says in SQL. */
export const hashOf = (row: ChainRow) =>
  sha256(
    row.previousHash,
    lengthPrefixed([
      row.chain,
      row.seq,
      row.id,
      row.at,
      row.action,
      row.outcome,
      row.actorKind,
      row.actorId,
      row.objectKind,
      row.objectId,
      row.requestId,
      row.details,
      row.personalDigest.toString('hex'),
    ]),
  )

export const personalDigestOf = (personal: string, salt: Buffer) => sha256(salt, personal)
