import { createHash } from 'node:crypto'
import { type ChainRow, hashOf, startOf } from '../../src/audit/chain.ts'
import type { BenchEnvironment } from '../environment.ts'

export const firstDay = Date.UTC(2026, 0, 1)
const batchSize = 5_000
const everyMs = 20_000

/** Of 10,000 rows so many; the rest are openings of secrets. */
const shares: [action: string, outcome: string, count: number][] = [
  ['suspicious.pattern', 'denied', 1],
  ['account.role_changed', 'success', 1],
  ['access.denied', 'denied', 98],
  ['export.taken', 'success', 400],
  ['login.failed', 'denied', 1_000],
  ['login.succeeded', 'success', 1_500],
]

function kindOf(index: number): [action: string, outcome: string] {
  // Spread evenly: 7,919 has no factor in common with 10,000.
  let left = (index * 7_919) % 10_000
  for (const [action, outcome, count] of shares) {
    if (left < count) return [action, outcome]
    left -= count
  }
  return ['secret.opened', 'success']
}

type Place = { chain: string; seq: number; hash: Buffer }

const details = '{"reason": "collect"}'
const personal = '{"ip": "192.0.2.7", "userAgent": "Browser/1"}'
const salt = Buffer.alloc(16, 1)
const personalDigest = createHash('sha256').update(salt).update(personal).digest()

/** Chains that hold, written in bulk: half a year of a busy Earshot. Gives the workspaces. */
export async function writeHistory(
  { owner }: BenchEnvironment,
  { rows, workspaces }: { rows: number; workspaces: number },
): Promise<string[]> {
  const made = await owner.query(
    `insert into workspaces (name, created_at) select 'bench', now() from generate_series(1, $1)
     returning id`,
    [workspaces],
  )
  const ids = made.rows.map(({ id }) => String(id))
  const chains: Place[] = ['0', ...ids].map((chain) => ({ chain, seq: 0, hash: startOf(chain) }))
  for (const table of ['audit_log', 'audit_heads']) {
    await owner.query(`alter table ${table} no force row level security`)
  }
  for (let from = 0; from < rows; from += batchSize) {
    const batch = Array.from({ length: Math.min(batchSize, rows - from) }, (_, offset) => {
      const index = from + offset
      const place = chains[index % chains.length] ?? { chain: '0', seq: 0, hash: startOf('0') }
      place.seq += 1
      const row = rowAt(index, place)
      place.hash = row.hash
      return row
    })
    await insert(owner, batch)
  }
  for (const { chain, seq, hash } of chains) {
    await owner.query(
      'insert into audit_heads values ($1::bigint, nullif($1::bigint, 0), $2, $3)',
      [chain, seq, hash],
    )
  }
  await owner.query(`select setval('audit_log_id_seq', $1)`, [rows + 1])
  for (const table of ['audit_log', 'audit_heads']) {
    await owner.query(`alter table ${table} force row level security`)
  }
  await owner.query('vacuum analyze audit_log')
  return ids
}

function rowAt(index: number, place: Place): ChainRow {
  const [action, outcome] = kindOf(index)
  const row = {
    id: String(index + 1),
    chain: place.chain,
    workspaceId: place.chain === '0' ? null : place.chain,
    seq: String(place.seq),
    at: new Date(firstDay + index * everyMs).toISOString().replace('Z', '000Z'),
    action,
    outcome,
    actorKind: 'user',
    actorId: String(1 + (index % 500)),
    objectKind: 'user',
    objectId: String(1 + (index % 700)),
    requestId: `request-${index}`,
    details,
    personal,
    salt,
    personalDigest,
    previousHash: place.hash,
    hash: Buffer.alloc(0),
  }
  return { ...row, hash: hashOf(row) }
}

const insert = (owner: BenchEnvironment['owner'], batch: ChainRow[]) =>
  owner.query(
    `insert into audit_log
       select id, chain, workspace_id, seq, at, action, outcome, 'user', actor, 'user', object, request,
         $12::jsonb, $13::jsonb, $14::bytea, $15::bytea, before, hash
       from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::text[],
         $7::text[], $8::bigint[], $9::text[], $10::text[], $11::bytea[], $16::bytea[])
         as t(id, chain, workspace_id, seq, at, action, outcome, actor, object, request, before, hash)`,
    [
      batch.map(({ id }) => id),
      batch.map(({ chain }) => chain),
      batch.map(({ workspaceId }) => workspaceId),
      batch.map(({ seq }) => seq),
      batch.map(({ at }) => at),
      batch.map(({ action }) => action),
      batch.map(({ outcome }) => outcome),
      batch.map(({ actorId }) => actorId),
      batch.map(({ objectId }) => objectId),
      batch.map(({ requestId }) => requestId),
      batch.map(({ previousHash }) => previousHash),
      details,
      personal,
      salt,
      personalDigest,
      batch.map(({ hash }) => hash),
    ],
  )
