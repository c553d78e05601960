import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../../../audit/audit.ts'
import type { Context } from '../../../context.ts'
import { queueMail } from '../../mail/index.ts'
import { freeTries, manyAccounts, tellOwnerAt } from './lockout.rules.ts'
import { countWrongTry, type LoginTry } from './lockout.service.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin' | 'limits'>

/** Whose account was tried; null: nobody has this address. */
type Tried = { userId: string; workspaceId: string | null; name: string | null } | null
type Failure = { email: string; tried: Tried; reason: string; attempt: LoginTry }

/** Writes a failed login down: the same work whether somebody has the address or not. */
export async function noteFailedLogin(ctx: Needs, failure: Failure): Promise<void> {
  const { email, tried, reason, attempt } = failure
  const { ofAccount, accountsFromHere } = await countWrongTry(ctx, email)
  const event = {
    workspaceId: tried?.workspaceId ?? null,
    outcome: 'denied',
    ...(tried && { object: { kind: 'user', id: tried.userId } }),
    email,
  } as const
  await ctx.em.transactional(async (inner) => {
    const needs = { ...ctx, em: inner as EntityManager }
    if (tried && ofAccount === tellOwnerAt) await tellOwner(needs, tried, email)
    await recordAudit(needs, { ...event, action: 'login.failed', details: { reason } })
    if (attempt.number === freeTries) {
      const details = { seconds: attempt.delayS }
      await recordAudit(needs, { ...event, action: 'login.locked_out', details })
    }
    if (ofAccount === tellOwnerAt) {
      const details = { pattern: 'many wrong tries for one account', tries: ofAccount }
      await recordAudit(needs, { ...event, action: 'suspicious.pattern', details })
    }
  })
  if (accountsFromHere !== manyAccounts + 1) return
  const details = { pattern: 'one address fails at many accounts', accounts: accountsFromHere }
  const pattern = { action: 'suspicious.pattern', workspaceId: null, outcome: 'denied' } as const
  await recordAudit(ctx, { ...pattern, details })
}

const tellOwner = (ctx: Needs, { userId, name }: NonNullable<Tried>, email: string) =>
  queueMail(ctx, {
    userId,
    to: email,
    template: 'locked_out',
    data: { name, at: ctx.clock.now().toISOString(), ip: ctx.origin.ip },
  })
