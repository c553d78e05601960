import { type EntityManager, LockMode } from '@mikro-orm/postgresql'
import { recordAudit } from '../../../audit/audit.ts'
import type { Context } from '../../../context.ts'
import type { Origin } from '../../../core/origin.ts'
import { countMails, type MailTemplate, queueMail, sendMailsTask } from '../../mail/index.ts'
import { hasOpenInvitation } from '../../workspaces/index.ts'
import { voidTokens } from '../links/account-tokens.repository.ts'
import { writeAccount } from '../open-account.service.ts'
import { type User, UserEntity } from '../user.entity.ts'
import { type AccountRequest, takeRequest } from './account-requests.repository.ts'
import { nudge } from './nudge.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'config' | 'log' | 'queues' | 'signal'>
type Inside = Pick<Context, 'em' | 'clock' | 'config' | 'origin'>

/**
 * Does what people without a session asked for, one transaction each: a request that was answered is
 * gone with its answer's commit, so that it is answered once however often this runs. Returns how
 * many were answered.
 */
export async function answerAccountRequests(ctx: Needs): Promise<number> {
  let answered = 0
  let afterId = '0'
  while (!ctx.signal.aborted) {
    const taken = await answerNext(ctx, afterId)
    if (!taken) break
    afterId = taken.id
    if (taken.done) answered += 1
  }
  if (answered > 0) await nudge(ctx, sendMailsTask)
  return answered
}

type Answered = { id: string; done: boolean }

/** The one after `afterId`. One that fails stays for the next round, and holds nobody else up. */
async function answerNext(ctx: Needs, afterId: string): Promise<Answered | null> {
  let id: string | null = null
  try {
    await (ctx.em.fork() as EntityManager).transactional(async (tx) => {
      const em = tx as EntityManager
      const asked = await takeRequest(em, afterId)
      if (!asked) return
      id = asked.id
      const { clock, config } = ctx
      await answers[asked.kind]({ em, clock, config, origin: originOf(asked) }, asked)
    })
  } catch (error) {
    if (id === null) throw error
    ctx.log.error({ err: error, accountRequestId: id }, 'an account request could not be answered')
    return { id, done: false }
  }
  return id === null ? null : { id, done: true }
}

/** Whoever asked, as far as the request knew. */
const originOf = ({
  ip,
  user_agent: userAgent,
  request_id: requestId,
}: AccountRequest): Origin => ({
  kind: 'anonymous',
  userId: null,
  name: null,
  requestId,
  ip,
  userAgent,
})

const answers: Record<
  AccountRequest['kind'],
  (ctx: Inside, asked: AccountRequest) => Promise<void>
> = { register, resend, reset }

const findUser = ({ em }: Inside, { email }: AccountRequest) => em.findOne(UserEntity, { email })

async function register(ctx: Inside, asked: AccountRequest): Promise<void> {
  const { email, password_hash: passwordHash, display_name: displayName } = asked
  if (!passwordHash) return
  // Held: while its link is followed, no other password slips in.
  const held = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const
  const user = await ctx.em.findOne(UserEntity, { email }, held)
  if (user) return registerAgain(ctx, user, asked)
  const invited = ctx.config.auth.registration === 'open' || (await hasOpenInvitation(ctx, email))
  if (!invited || !(await mayMail(ctx, email, 'verify_email'))) return
  const made = await writeAccount(ctx, { email, passwordHash, displayName, verified: false })
  await mailTo(ctx, made, 'verify_email')
}

/**
 * Nobody has proven an unverified address yet, so the newest password holds, and the newest link: it
 * opens nothing without that password.
 */
async function registerAgain(ctx: Inside, user: User, asked: AccountRequest): Promise<void> {
  if (!user.isActive) return
  if (user.isVerified) {
    if (await mayMail(ctx, user.email, 'already_registered')) {
      await mailTo(ctx, user, 'already_registered')
    }
    return
  }
  if (!asked.password_hash || !(await mayMail(ctx, user.email, 'verify_email'))) return
  const now = ctx.clock.now()
  user.passwordHash = asked.password_hash
  user.passwordChangedAt = now
  user.updatedAt = now
  if (asked.display_name) user.displayName = asked.display_name
  await ctx.em.flush()
  await voidTokens(ctx, user.id, ['verify_email'])
  await mailTo(ctx, user, 'verify_email')
}

async function resend(ctx: Inside, asked: AccountRequest): Promise<void> {
  const user = await findUser(ctx, asked)
  if (!user?.isActive || user.isVerified) return
  if (await mayMail(ctx, user.email, 'verify_email')) await mailTo(ctx, user, 'verify_email')
}

/** Also for an address that is not verified: whoever can follow the link has proven it. */
async function reset(ctx: Inside, asked: AccountRequest): Promise<void> {
  const { email } = asked
  const user = await findUser(ctx, asked)
  const known = user?.isActive ? user : null
  const sent = known !== null && (await mayMail(ctx, email, 'reset_password'))
  if (known && sent) await mailTo(ctx, known, 'reset_password')
  await recordAudit(ctx, {
    action: 'password.reset_requested',
    workspaceId: null,
    outcome: sent ? 'success' : 'failure',
    email,
    ...(known && { object: { kind: 'user', id: known.id } }),
  })
}

type Kind = Extract<MailTemplate, 'verify_email' | 'already_registered' | 'reset_password'>

/** What a stranger typed does not stand in a mail: an unproven address is not greeted by name. */
const mailTo = (ctx: Inside, user: User, template: Kind) =>
  queueMail(ctx, {
    userId: user.id,
    to: user.email,
    template,
    data: { name: user.isVerified ? (user.displayName ?? null) : null },
  })

const mailsAnHour = 5
const hourMs = 3_600_000

/** Nobody's mailbox is filled by strangers. */
async function mayMail({ em, clock }: Inside, to: string, template: Kind): Promise<boolean> {
  const since = new Date(clock.now().getTime() - hourMs)
  return (await countMails(em, { to, template, since })) < mailsAnHour
}
