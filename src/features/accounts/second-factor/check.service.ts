import type { EntityManager } from '@mikro-orm/postgresql'
import { type AuditEvent, recordAudit } from '../../../audit/audit.ts'
import type { Context } from '../../../context.ts'
import { openSecret, secondFactorPlace } from '../../../secrets/sealed-secret.ts'
import { queueMail } from '../../mail/index.ts'
import { findHomeWorkspaceId } from '../../workspaces/index.ts'
import { getUser } from '../accounts.service.ts'
import { beginCodeTry, type CodeTry } from './code-limits.ts'
import { readCode, type TypedCode } from './recovery-codes.ts'
import {
  lockSecondFactor,
  type SecondFactor,
  useRecoveryCode,
  useStep,
} from './second-factor.repository.ts'
import { stepOf } from './totp.ts'

export type SecondFactorNeeds = Pick<Context, 'em' | 'clock' | 'origin' | 'limits' | 'keyring'>

type Judged = { method: 'code' | 'recovery'; left?: number } | null

/**
 * Judges a code (or a recovery code) of a person whose second factor is on, and uses it up. null: it
 * is wrong, used, or there is no second factor. Throws `rate_limited` after many wrong ones. Writes
 * the audit log and the mails; in a transaction of its own, because a wrong code is kept too.
 */
export async function checkSecondFactor(
  ctx: SecondFactorNeeds,
  userId: string,
  code: string,
): Promise<'code' | 'recovery' | null> {
  const attempt = await beginCodeTry(ctx, userId)
  const judged = await ctx.em.transactional(async (inner) => {
    const needs = { ...ctx, em: inner as EntityManager }
    const factor = await lockSecondFactor(needs.em, userId)
    if (!factor?.confirmedAt) return null
    const typed = readCode(code)
    const found = typed && (await judge(needs, userId, factor, typed))
    await writeDown(needs, { userId, judged: found, opened: typed?.kind === 'code', attempt })
    return found
  })
  if (judged) await attempt.forgive()
  return judged?.method ?? null
}

async function judge(
  ctx: SecondFactorNeeds,
  userId: string,
  factor: SecondFactor,
  typed: TypedCode,
): Promise<Judged> {
  if (typed.kind === 'code') {
    return (await isRightCode(ctx, userId, factor, typed.code)) ? { method: 'code' } : null
  }
  const use = { userId, hash: typed.hash, now: ctx.clock.now() }
  const left = await useRecoveryCode(ctx.em, use)
  return left === null ? null : { method: 'recovery', left }
}

/** Whether it is a code of this moment that was not used before. Uses it up. */
export async function isRightCode(
  { em, clock, keyring }: Pick<SecondFactorNeeds, 'em' | 'clock' | 'keyring'>,
  userId: string,
  { sealed }: SecondFactor,
  code: string,
): Promise<boolean> {
  const { seed = '' } = openSecret(keyring, secondFactorPlace(userId), sealed)
  const step = stepOf(seed, code, clock.now())
  return step !== null && (await useStep(em, userId, step))
}

type Outcome = { userId: string; judged: Judged; opened: boolean; attempt: CodeTry }

async function writeDown(
  ctx: SecondFactorNeeds,
  { userId, judged, opened, attempt }: Outcome,
): Promise<void> {
  const person = { userId, now: ctx.clock.now() }
  if (judged?.left !== undefined) await tellOfRecovery(ctx, person, judged.left)
  if (!judged && attempt.isLast) await tellOfGuessing(ctx, person)
  const workspaceId = await findHomeWorkspaceId(ctx.em, userId)
  for (const event of eventsOf({ userId, judged, opened, attempt })) {
    await recordAudit(ctx, { ...event, workspaceId, userId })
  }
}

type Event = Omit<AuditEvent, 'workspaceId'>

function eventsOf({ userId, judged, opened, attempt }: Outcome): Event[] {
  const object = { kind: 'second_factor', id: userId }
  const events: Event[] = opened ? [{ action: 'secret.opened', object }] : []
  if (!judged) events.push({ action: 'second_factor.failed', outcome: 'denied', object })
  if (judged?.left !== undefined) {
    const details = { left: judged.left }
    events.push({ action: 'second_factor.recovery_used', object, details })
  }
  if (!judged && attempt.isLast) {
    const details = { pattern: 'many wrong codes for one account' }
    events.push({ action: 'suspicious.pattern', outcome: 'denied', object, details })
  }
  return events
}

type Person = { userId: string; now: Date }

async function tellOfRecovery(ctx: SecondFactorNeeds, { userId, now }: Person, left: number) {
  const { email: to, displayName: name } = await getUser(ctx.em, userId)
  const data = { name: name ?? null, at: now.toISOString(), left }
  await queueMail(ctx, { userId, to, template: 'recovery_code_used', data })
}

async function tellOfGuessing(ctx: SecondFactorNeeds, { userId, now }: Person) {
  const { email: to, displayName: name } = await getUser(ctx.em, userId)
  const data = { name: name ?? null, at: now.toISOString(), ip: ctx.origin.ip }
  await queueMail(ctx, { userId, to, template: 'locked_out', data })
}
