import { recordAudit } from '../../audit/audit.ts'
import { findHead } from '../../audit/chain.queries.ts'
import type { Context } from '../../context.ts'
import { closeWorkspace, deleteWorkspaceRow } from './workspaces.repository.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin'>

/**
 * Deletes a workspace with everything in it, in the caller's transaction. Its audit chain goes with
 * it; the system's keeps where that one ended.
 */
export async function eraseWorkspace(ctx: Needs, id: string): Promise<void> {
  await closeWorkspace(ctx.em, id)
  const head = await findHead(ctx.em, id)
  await deleteWorkspaceRow(ctx.em, id)
  await recordAudit(ctx, {
    action: 'workspace.deleted',
    workspaceId: null,
    object: { kind: 'workspace', id },
    details: {
      workspaceId: id,
      auditSeq: String(head?.seq ?? 0),
      auditHash: head?.hash.toString('hex') ?? null,
    },
  })
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
