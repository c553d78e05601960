import type { EntityManager } from '@mikro-orm/postgresql'
import { recordDeletion } from '../../audit/forget.ts'
import { forgetWorkspaceKeys } from '../../cache/workspace-keys.ts'
import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import { confirmIdentity } from '../accounts/index.ts'
import { queueMail } from '../mail/index.ts'
import { closeAccountWorkspaces, forgetInvitations, withoutDeadlock } from '../workspaces/index.ts'
import {
  deleteUser,
  findLeavingAccount,
  forgetInviter,
  forgetMails,
  forgetRequests,
  lockLeaver,
} from './deletion.repository.ts'

const gone = () => new AppError('unauthorized', 'This account is gone already.')

type Proof = { currentPassword: string; code?: string | undefined }

/**
 * Deletes a person and all that is theirs alone: their workspaces with everything collected in them,
 * sessions, tokens, mails, feedback; the audit log keeps what was done and forgets by whom. One
 * transaction, however much it is: either all of it is gone, or nothing. A last mail says so.
 * Throws a refusal of /currentPassword or /code, and `conflict` while others would lose their only owner.
 */
export async function deleteAccount(ctx: Context, userId: string, proof: Proof): Promise<void> {
  const user = await findLeavingAccount(ctx.em, userId)
  if (!user) throw gone()
  await confirmIdentity(ctx, user, { password: proof.currentPassword, code: proof.code })
  const ended = await withoutDeadlock(() =>
    ctx.em.transactional((tx) => erase({ ...ctx, em: tx as EntityManager }, userId)),
  )
  await forgetWorkspaceKeys(ctx.hints, ended)
  ctx.log.info({ userId }, 'an account was deleted')
}

/** Gives the workspaces that went with the person. */
async function erase(ctx: Context, userId: string): Promise<string[]> {
  const { em } = ctx
  const leaver = await lockLeaver(em, userId)
  if (!leaver) throw gone()
  const ended = await closeAccountWorkspaces(ctx, userId)
  await forgetInvitations(em, leaver.email)
  await forgetRequests(em, leaver)
  await forgetMails(em, leaver)
  await forgetInviter(em, leaver)
  await deleteUser(em, leaver)
  // Nobody's mail, so that it outlives the person; its row goes with the sending.
  const data = { name: leaver.display_name, at: ctx.clock.now().toISOString() }
  await queueMail(ctx, { userId: null, to: leaver.email, template: 'account_deleted', data })
  await recordDeletion(ctx, { userId, email: leaver.email })
  return ended
}
