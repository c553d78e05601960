import type { Context } from '../../context.ts'
import { AppError, notFound } from '../../core/errors.ts'
import { confirmIdentity, disableAccount, getUser, setRole } from '../accounts/index.ts'
import { findWorkspacesOf } from '../workspaces/index.ts'
import { findUser } from './users.queries.ts'
import type { AdminUserDetail, ChangeRole } from './users.schemas.ts'

/** One person as administrators see them: how many keys they hold, never a key. */
export async function getAdminUser(
  { em, clock }: Pick<Context, 'em' | 'clock'>,
  id: string,
): Promise<AdminUserDetail> {
  const user = await findUser(em, id, clock.now())
  if (!user) throw notFound('User')
  return {
    ...user,
    createdAt: user.createdAt.toISOString(),
    lastSeenAt: user.lastSeenAt?.toISOString() ?? null,
    disabledAt: user.disabledAt?.toISOString() ?? null,
    workspaces: await findWorkspacesOf(em, id),
  }
}

/** Shuts somebody else out at once. */
export async function disableUser(
  ctx: Context,
  { adminId, id, reason }: { adminId: string; id: string; reason: string },
): Promise<void> {
  if (id === adminId) {
    throw new AppError('conflict', 'You cannot disable your own account: another admin can.')
  }
  await disableAccount(ctx, id, reason)
}

/** Gives or takes the rights of an administrator, from one who proves to be one. */
export async function changeRole(
  ctx: Context,
  { adminId, id }: { adminId: string; id: string },
  { role, currentPassword, code }: ChangeRole,
): Promise<void> {
  await confirmIdentity(ctx, await getUser(ctx.em, adminId), { password: currentPassword, code })
  await setRole(ctx, id, role)
}
