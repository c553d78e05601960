import type { Context } from '../../context.ts'
import { type ListedAccount, listAccounts } from '../../features/accounts/index.ts'

export async function listUsers(ctx: Context, options: { json?: boolean }): Promise<string> {
  const accounts = await listAccounts(ctx.em)
  if (options.json) return JSON.stringify({ users: accounts }, null, 2)
  if (accounts.length === 0) return 'Nobody has an account yet: `users create` makes one.'
  const width = Math.max(...accounts.map(({ email }) => email.length))
  return accounts.map((account) => lineOf(account, width)).join('\n')
}

function lineOf(account: ListedAccount, width: number): string {
  const { id, email, role, createdAt, lastSeenAt } = account
  const remarks = [
    ...(role === 'admin' ? ['administrator'] : []),
    ...(account.isActive ? [] : ['disabled']),
    ...(account.isVerified ? [] : ['not verified']),
    ...(account.hasSecondFactor ? ['second factor'] : []),
  ]
  const day = (at: Date | null) => at?.toISOString().slice(0, 10) ?? 'never     '
  const dates = `since ${day(createdAt)}  seen ${day(lastSeenAt)}`
  return `${id.padStart(6)}  ${email.padEnd(width)}  ${dates}  ${remarks.join(', ')}`.trimEnd()
}
