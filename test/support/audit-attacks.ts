import type pg from 'pg'

/** A second row with the same words, in another place. */
export const copyAuditRow = (client: pg.Client, where: string, toSeq: number) =>
  client.query(
    `insert into audit_log (chain, workspace_id, seq, at, action, outcome, actor_kind, personal, salt,
       personal_digest, previous_hash, hash)
     select chain, workspace_id, ${toSeq}, at, action, outcome, actor_kind, personal, salt,
       personal_digest, previous_hash, hash from audit_log where ${where}`,
  )

/** The chain anew from this row on, consistent in itself, as one who knows the recipe writes it. */
export async function rewriteChain(client: pg.Client, chain: string, from: number): Promise<void> {
  await client.query(
    'create temp table kept as select * from audit_log where chain = $1 and seq >= $2',
    [chain, from],
  )
  await client.query('delete from audit_log where chain = $1 and seq >= $2', [chain, from])
  await client.query('delete from audit_heads where chain = $1', [chain])
  await client.query(
    `insert into audit_heads select chain, workspace_id, seq, hash from audit_log
      where chain = $1 and seq = $2 - 1`,
    [chain, from],
  )
  await client.query('grant select on kept to earshot_system')
  await client.query('set role earshot_system')
  await client.query(
    `select append_audit(chain, at, 'profile.updated', outcome, actor_kind, actor_id, object_kind,
       object_id, request_id, details, personal, salt) from kept order by seq`,
  )
}
