import { type AuditEvent, recordAudit } from '../../audit/audit.ts'
import { findHead } from '../../audit/chain.queries.ts'
import type { Context } from '../../context.ts'
import { closeWorkspace, deleteWorkspaceRow } from './workspaces.repository.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin'>

/**
 * Deletes a workspace with everything in it, in the caller's transaction. Its audit chain goes with
 * it; the system's keeps where that one ended.
 */
export async function eraseWorkspace(ctx: Needs, id: string): Promise<void> {
  await recordAudit(ctx, await removeWorkspace(ctx, id))
}

/**
 * The same, and the row for the system's chain is left to the caller: everybody's logins wait behind
 * it, so it is written when all that takes long is done.
 */
export async function removeWorkspace({ em }: Needs, id: string): Promise<AuditEvent> {
  await closeWorkspace(em, id)
  const head = await findHead(em, id)
  await deleteWorkspaceRow(em, id)
  return {
    action: 'workspace.deleted',
    workspaceId: null,
    object: { kind: 'workspace', id },
    details: {
      workspaceId: id,
      auditSeq: String(head?.seq ?? 0),
      auditHash: head?.hash.toString('hex') ?? null,
    },
  }
}

const deadlock = '40P01'
const mostTries = 3

/** Whoever writes an audit row at this moment holds what we want, and the other way round. */
export async function withoutDeadlock<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      const { code } = error as { code?: unknown }
      if (code !== deadlock || tries === mostTries) throw error
    }
  }
}
