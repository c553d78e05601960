import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import {
  disableAccount,
  enableAccount,
  findAccountId,
  setRole,
} from '../../features/accounts/index.ts'

type Change = {
  what: 'promote' | 'demote' | 'disable' | 'enable'
  reason?: string
  json?: boolean
}

export async function changeUser(ctx: Context, email: string, change: Change): Promise<string> {
  const userId = await findAccountId(ctx.em, email.trim())
  if (!userId) throw new AppError('not_found', `Nobody has the address ${email}.`)
  const user = await doIt[change.what](ctx, userId, change)
  const { id, role, isActive } = user
  if (change.json) return JSON.stringify({ id, email: user.email, role, isActive })
  const state = isActive ? `${role === 'admin' ? 'an administrator' : 'a user'}` : 'shut out'
  return `${user.email} is ${state} now.`
}

const doIt = {
  promote: (ctx: Context, id: string) => setRole(ctx, id, 'admin'),
  demote: (ctx: Context, id: string) => setRole(ctx, id, 'user'),
  disable: (ctx: Context, id: string, { reason = null }: { reason?: string | null }) =>
    disableAccount(ctx, id, reason),
  enable: (ctx: Context, id: string) => enableAccount(ctx, id),
}
