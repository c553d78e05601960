import { type EntityManager, IsolationLevel } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../database/sql.ts'
import type { ChainHead, ChainRow } from './chain.ts'

/** Every chain there is, also one whose head, or whose every row, is gone. */
export async function findChains(
  em: EntityManager,
): Promise<{ chain: string; head: ChainHead | null }[]> {
  const found = await rows(
    em,
    sql<{ chain: string; seq: string | null; hash: Buffer | null }>`
      select chain::text, seq::text, hash from audit_chains()`,
  )
  return found.map(({ chain, seq, hash }) => ({
    chain,
    head: seq === null || hash === null ? null : { seq: BigInt(seq), hash },
  }))
}

export async function findHead(em: EntityManager, chain: string): Promise<ChainHead | null> {
  const head = await firstRow(
    em,
    sql<{ seq: string; hash: Buffer }>`select seq::text, hash from audit_head(${chain}::bigint)`,
  )
  return head && { seq: BigInt(head.seq), hash: head.hash }
}

/** The next rows of a chain, oldest first, each value as PostgreSQL writes it. */
export async function findChainRows(
  em: EntityManager,
  chain: string,
  { after, afterId, most }: { after: bigint; afterId: string; most: number },
): Promise<ChainRow[]> {
  return rows(
    em,
    sql<ChainRow>`
      select id::text, chain::text, workspace_id::text as "workspaceId", seq::text,
        to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
        action, outcome, actor_kind as "actorKind", actor_id::text as "actorId",
        object_kind as "objectKind", object_id as "objectId", request_id as "requestId",
        details::text, personal::text, salt, personal_digest as "personalDigest",
        previous_hash as "previousHash", hash
      from audit_rows(${chain}::bigint, ${String(after)}::bigint, ${afterId}::bigint, ${most}::int)`,
  )
}

/** What `work` reads is the log of one moment, however much is appended meanwhile. */
export const atOneMoment = <T>(em: EntityManager, work: (em: EntityManager) => Promise<T>) =>
  em.fork().transactional((inner) => work(inner as EntityManager), {
    isolationLevel: IsolationLevel.REPEATABLE_READ,
    readOnly: true,
  })
