import type { AuditAction } from '../../audit/actions.ts'
import { type AuditEvent, recordAudit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import { findHomeWorkspaceId } from '../workspaces/index.ts'

type More = Pick<AuditEvent, 'details' | 'email' | 'userId'>

/** Writes down what happened to an account, where its owner sees it: in their own workspace's log. */
export async function noteAccount(
  ctx: Pick<Context, 'em' | 'clock' | 'origin'>,
  userId: string,
  action: AuditAction,
  more: More = {},
): Promise<void> {
  const workspaceId = await findHomeWorkspaceId(ctx.em, userId)
  await recordAudit(ctx, { ...more, action, workspaceId, object: { kind: 'user', id: userId } })
}
