import type { Context } from '../../context.ts'
import { PlatformError } from '../../platforms/platform-error.ts'
import type { CredentialProfile } from './credential-profile.entity.ts'
import { presentProfile } from './credentials.presenter.ts'
import type { VerificationView } from './credentials.schemas.ts'
import { getProfile, platformOf } from './credentials.service.ts'
import { openProfile } from './open-profile.ts'
import { pauseProfile, recordUnauthorized, recordVerified } from './profile-state.repository.ts'

/** Makes the cheapest real call and says in words what came of it. Counts like any other call. */
export async function verifyProfile(ctx: Context, id: string): Promise<VerificationView> {
  const profile = await getProfile(ctx.em, id)
  const refusal = await tryProfile(ctx, profile)
  const after = presentProfile(await getProfile(ctx.em, id))
  if (!(refusal instanceof PlatformError)) {
    return { ok: true, detail: refusal.detail, kind: null, retryAt: null, profile: after }
  }
  const { kind, message, until } = refusal
  const retryAt = until?.toISOString() ?? null
  return { ok: false, detail: message, kind, retryAt, profile: after }
}

async function tryProfile(ctx: Context, profile: CredentialProfile) {
  const now = ctx.clock.now()
  if (profile.pausedUntil && profile.pausedUntil > now) return paused(ctx, profile)
  try {
    const open = await openProfile(ctx, profile, 'verify')
    const verification = await open.verify()
    await recordVerified(ctx.em, profile.id, now)
    return verification
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error
    await keepRefusal(ctx, profile.id, error)
    return error
  }
}

/** A pause holds for this call too. */
function paused(ctx: Context, profile: CredentialProfile): PlatformError {
  const { name } = platformOf(ctx, profile.platform)
  const until = profile.pausedUntil ?? ctx.clock.now()
  const reason = profile.pauseReason ? ` (${profile.pauseReason})` : ''
  const message = `No call to ${name} is made before ${until.toISOString()}${reason}`
  return new PlatformError(profile.platform, 'rate_limited', message, { until })
}

async function keepRefusal(ctx: Context, profileId: string, error: PlatformError): Promise<void> {
  if (error.kind === 'unauthorized') await recordUnauthorized(ctx.em, profileId, error.message)
  if (error.kind === 'rate_limited' && error.until) {
    await pauseProfile(ctx.em, profileId, error.until, error.message)
  }
}
