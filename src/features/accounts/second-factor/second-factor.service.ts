import type { EntityManager } from '@mikro-orm/postgresql'
import type { AuditAction } from '../../../audit/actions.ts'
import { recordAudit } from '../../../audit/audit.ts'
import type { Context } from '../../../context.ts'
import { AppError, invalidField } from '../../../core/errors.ts'
import type { Actor } from '../../../http/route.ts'
import { sealSecret, secondFactorPlace } from '../../../secrets/sealed-secret.ts'
import { queueMail } from '../../mail/index.ts'
import { findHomeWorkspaceId } from '../../workspaces/index.ts'
import { getUser } from '../accounts.service.ts'
import { confirmIdentity } from '../own/confirm-identity.service.ts'
import { endSessions } from '../sessions/sessions.service.ts'
import { isRightCode } from './check.service.ts'
import { beginCodeTry } from './code-limits.ts'
import { newRecoveryCodes } from './recovery-codes.ts'
import {
  confirmSeed,
  countRecoveryCodes,
  deleteSecondFactor,
  findConfirmedAt,
  hasSecondFactor,
  lockSecondFactor,
  replaceRecoveryCodes,
  writeSeed,
} from './second-factor.repository.ts'
import { newSeed, uriOf } from './totp.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'config' | 'origin' | 'limits' | 'keyring'>
type Asker = Pick<Actor, 'userId' | 'sessionId'>

const isOn = () => new AppError('conflict', 'A second factor is on already: turn it off first.')
const wrongCode = () => invalidField('/code', 'This code is wrong, was used before, or is too old.')

export async function findState({ em }: Pick<Context, 'em'>, userId: string) {
  const confirmedAt = await findConfirmedAt(em, userId)
  return {
    enabled: confirmedAt !== null,
    confirmedAt: confirmedAt?.toISOString() ?? null,
    recoveryCodesLeft: confirmedAt ? await countRecoveryCodes(em, userId) : 0,
  }
}

/** Makes a seed and shows it this once. Nothing asks for it before a code of it is confirmed. */
export async function startSecondFactor(
  ctx: Needs,
  { userId }: Asker,
  currentPassword: string,
): Promise<{ secret: string; uri: string }> {
  if (await hasSecondFactor(ctx.em, userId)) throw isOn()
  const user = await getUser(ctx.em, userId)
  await confirmIdentity(ctx, user, { password: currentPassword, code: undefined })
  const secret = newSeed()
  const sealed = sealSecret(ctx.keyring, secondFactorPlace(userId), { seed: secret })
  if (!(await writeSeed(ctx.em, { userId, sealed, now: ctx.clock.now() }))) {
    throw isOn()
  }
  return { secret, uri: uriOf(secret, user.email) }
}

/** Turns it on with a first code, ends the other sessions, and shows the recovery codes this once. */
export async function confirmSecondFactor(
  ctx: Needs,
  asker: Asker,
  code: string,
): Promise<{ recoveryCodes: string[] }> {
  const { userId } = asker
  const attempt = await beginCodeTry(ctx, userId)
  const recoveryCodes = newRecoveryCodes()
  const right = await ctx.em.transactional(async (inner) => {
    const needs = { ...ctx, em: inner as EntityManager }
    const factor = await lockSecondFactor(needs.em, userId)
    if (!factor) throw new AppError('conflict', 'Start a second factor first.')
    if (factor.confirmedAt) throw isOn()
    const isRight = await isRightCode(needs, userId, factor, code)
    if (isRight) await turnOn(needs, asker, recoveryCodes)
    await record(needs, userId, 'secret.opened')
    return isRight
  })
  if (!right) throw wrongCode()
  await attempt.forgive()
  return { recoveryCodes }
}

async function turnOn(ctx: Needs, asker: Asker, codes: string[]): Promise<void> {
  const now = ctx.clock.now()
  await confirmSeed(ctx.em, asker.userId, now)
  await replaceRecoveryCodes(ctx.em, { userId: asker.userId, codes, now })
  await noteChange(ctx, asker, true)
}

type Proof = { currentPassword: string; code: string }

/** Turns it off: with the password and a code, because one of them alone may be stolen. */
export async function removeSecondFactor(ctx: Needs, asker: Asker, proof: Proof): Promise<void> {
  await proveBoth(ctx, asker, proof)
  await ctx.em.transactional(async (inner) => {
    const needs = { ...ctx, em: inner as EntityManager }
    await deleteSecondFactor(needs.em, asker.userId)
    await noteChange(needs, asker, false)
  })
}

/** New recovery codes in place of all that were left, shown this once. */
export async function renewRecoveryCodes(
  ctx: Needs,
  asker: Asker,
  proof: Proof,
): Promise<{ recoveryCodes: string[] }> {
  await proveBoth(ctx, asker, proof)
  const { userId } = asker
  const recoveryCodes = newRecoveryCodes()
  await ctx.em.transactional(async (inner) => {
    const needs = { ...ctx, em: inner as EntityManager }
    const now = ctx.clock.now()
    await replaceRecoveryCodes(needs.em, { userId, codes: recoveryCodes, now })
    await record(needs, userId, 'second_factor.recovery_renewed')
  })
  return { recoveryCodes }
}

async function proveBoth(ctx: Needs, { userId }: Asker, { currentPassword, code }: Proof) {
  if (!(await hasSecondFactor(ctx.em, userId))) {
    throw new AppError('conflict', 'No second factor is on.')
  }
  const user = await getUser(ctx.em, userId)
  await confirmIdentity(ctx, user, { password: currentPassword, code })
}

/** In the caller's transaction: the other sessions end, the person is told, the audit log knows. */
async function noteChange(ctx: Needs, { userId, sessionId }: Asker, enabled: boolean) {
  await endSessions(ctx, userId, { except: sessionId, reason: 'second_factor_changed' })
  const { email: to, displayName: name } = await getUser(ctx.em, userId)
  const data = { name: name ?? null, enabled, at: ctx.clock.now().toISOString() }
  await queueMail(ctx, { userId, to, template: 'second_factor_changed', data })
  await record(ctx, userId, enabled ? 'second_factor.enabled' : 'second_factor.disabled')
}

const record = async (ctx: Needs, userId: string, action: AuditAction) =>
  recordAudit(ctx, {
    action,
    workspaceId: await findHomeWorkspaceId(ctx.em, userId),
    object: { kind: 'second_factor', id: userId },
  })
