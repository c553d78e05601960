import type { Context } from '../../context.ts'
import type { Budget } from '../../platforms/budget.ts'
import type { OpenPlatform } from '../../platforms/platform.ts'
import { openSecret, profilePlace } from '../../secrets/sealed-secret.ts'
import { limitsOf } from './budget.limits.ts'
import { keepingBack } from './budget.reserve.ts'
import { openBudget } from './budget.store.ts'
import type { CredentialProfile } from './credential-profile.entity.ts'
import { envelopeOf, platformOf } from './credentials.service.ts'
import { tokenStore } from './token-store.ts'

/** The budget that every call with this profile is booked on, shared by all processes. */
function profileBudget(
  ctx: Pick<Context, 'em' | 'clock' | 'config' | 'platforms'>,
  profile: CredentialProfile,
): Budget {
  const platform = platformOf(ctx, profile.platform)
  return openBudget({
    em: ctx.em,
    clock: ctx.clock,
    owner: { workspaceId: profile.workspaceId, profileId: profile.id },
    platform,
    limits: limitsOf(platform, profile.limits, ctx.config),
  })
}

/**
 * The platform, opened with this profile's credentials. They are decrypted here and handed to the
 * adapter alone. Throws SealError when they were moved, changed or sealed by a key we lack.
 */
export async function openProfile(
  ctx: Pick<Context, 'em' | 'clock' | 'config' | 'log' | 'keyring' | 'platforms' | 'metrics'>,
  profile: CredentialProfile,
  signal: AbortSignal,
  /** What calls must leave in each bucket. */
  kept?: ReadonlyMap<string, number>,
): Promise<OpenPlatform> {
  const platform = platformOf(ctx, profile.platform)
  const log = ctx.log.child({ platform: platform.id, profileId: profile.id })
  const place = profilePlace({ workspaceId: profile.workspaceId, profileId: profile.id })
  const envelope = envelopeOf(profile)
  const credentials = openSecret(ctx.keyring, place, envelope)
  // Who opened what and when is kept where logs are: in no line is any of it.
  log.info({ workspaceId: profile.workspaceId, keyId: profile.keyId }, 'profile opened')
  const budget = profileBudget(ctx, profile)
  return platform.open(credentials, {
    baseUrl: ctx.config.platforms.baseUrl,
    signal,
    clock: ctx.clock,
    log,
    budget: kept ? keepingBack(budget, kept, platform) : budget,
    token: tokenStore(profile.id, envelope.wrappedKey.toString('base64')),
    timeoutMs: ctx.config.platforms.timeoutMs,
    firstRunPosts: ctx.config.platforms.firstRunPosts,
    onCall: (call) => ctx.metrics.upstreamCall({ platform: platform.id, ...call }),
    options: { xDialect: ctx.config.platforms.xDialect },
  })
}
