import { createHash } from 'node:crypto'
import type { Context } from '../../context.ts'
import type { Budget } from '../../platforms/budget.ts'
import type { OpenPlatform } from '../../platforms/platform.ts'
import { limitsOf } from './budget.limits.ts'
import { keepingBack } from './budget.reserve.ts'
import { openBudget } from './budget.store.ts'
import type { CredentialProfile } from './credential-profile.entity.ts'
import { platformOf } from './credentials.service.ts'
import { openCredentials, type Purpose } from './open-secret.service.ts'
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

type Needs = Pick<
  Context,
  'em' | 'clock' | 'config' | 'log' | 'origin' | 'secretStores' | 'platforms' | 'metrics' | 'signal'
>

/**
 * The platform, opened with this profile's credentials: they are handed to the adapter alone, and the
 * audit log says so. Throws what `openCredentials` throws.
 */
export async function openProfile(
  ctx: Needs,
  profile: CredentialProfile,
  purpose: Purpose,
  /** What calls must leave in each bucket. */
  kept?: ReadonlyMap<string, number>,
): Promise<OpenPlatform> {
  const platform = platformOf(ctx, profile.platform)
  const log = ctx.log.child({ platform: platform.id, profileId: profile.id })
  const credentials = await openCredentials(ctx, profile, purpose)
  const budget = profileBudget(ctx, profile)
  return platform.open(credentials, {
    baseUrl: ctx.config.platforms.baseUrl,
    signal: ctx.signal,
    clock: ctx.clock,
    log,
    budget: kept ? keepingBack(budget, kept, platform) : budget,
    token: tokenStore(profile.id, versionOf(credentials)),
    timeoutMs: ctx.config.platforms.timeoutMs,
    firstRunPosts: ctx.config.platforms.firstRunPosts,
    onCall: (call) => ctx.metrics.upstreamCall({ platform: platform.id, ...call }),
    options: { xDialect: ctx.config.platforms.xDialect },
  })
}

/** Other credentials, another version; the same under another master key are the same. */
const versionOf = (credentials: Record<string, string>): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(credentials).toSorted()))
    .digest('hex')
