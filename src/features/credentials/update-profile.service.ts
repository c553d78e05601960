import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import type { Platform } from '../../platforms/platform.ts'
import type { KeptSecret } from '../../secrets/stores/secret-store.ts'
import { checkCredentials, checkLimits, filled, hintsOf } from './credential-fields.ts'
import type { CredentialProfile, FieldHint } from './credential-profile.entity.ts'
import { flushNamed, lockProfile } from './credentials.repository.ts'
import type { UpdateProfile } from './credentials.schemas.ts'
import { getProfile, platformOf } from './credentials.service.ts'
import { keptOf, openCredentials } from './open-secret.service.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin' | 'secretStores' | 'platforms'>

/** Throws not_found, or invalid_input with each field that is wrong. */
export async function updateProfile(
  ctx: Needs,
  id: string,
  input: UpdateProfile,
): Promise<CredentialProfile> {
  const given = filled(input.credentials ?? {})
  for (;;) {
    const seen = await getProfile(ctx.em, id)
    const platform = platformOf(ctx, seen.platform)
    if (input.limits) checkLimits(platform, input.limits)
    const renewed = await renewSecret(ctx, platform, seen, given)
    const written = await write(ctx, seen, input, renewed)
    // Somebody else changed the credentials meanwhile: theirs are what ours are put into.
    if (written) return written
  }
}

type Renewed = { kept: KeptSecret; hints: Record<string, FieldHint>; fields: string[] }

/**
 * Keeps the whole set anew, under a data key or version of its own; null: nothing changes. Outside of
 * a transaction: a store may be slow, and the row must not be locked for so long.
 */
async function renewSecret(
  ctx: Needs,
  platform: Platform,
  seen: CredentialProfile,
  given: Record<string, string>,
): Promise<Renewed | null> {
  const fields = Object.keys(given)
  if (fields.length === 0) return null
  const stored = await openCredentials(ctx, seen, 'update')
  const credentials = { ...stored, ...given }
  checkCredentials(platform, credentials)
  if (fields.every((name) => stored[name] === given[name])) return null
  const owner = { workspaceId: seen.workspaceId, profileId: seen.id }
  const kept = await ctx.secretStores
    .byName(seen.secretStore)
    .replace(owner, keptOf(seen), credentials)
  return { kept, hints: hintsOf(platform, credentials), fields }
}

/**
 * Other credentials have their own fate: what is known of the old ones (disabled, paused, proven) is
 * forgotten. The same ones again keep theirs.
 */
const fresh = {
  state: 'active',
  stateReason: null,
  unauthorizedCount: 0,
  pausedUntil: null,
  pauseReason: null,
  verifiedAt: null,
} as const

const write = (
  ctx: Needs,
  seen: CredentialProfile,
  input: UpdateProfile,
  renewed: Renewed | null,
) =>
  ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const profile = await lockProfile(em, seen.id)
    if (renewed && !isSameSecret(profile, seen)) return null
    if (input.name !== undefined) profile.name = input.name
    if (input.limits !== undefined) profile.limits = input.limits
    if (renewed) Object.assign(profile, renewed.kept, fresh, { hints: renewed.hints })
    profile.updatedAt = ctx.clock.now()
    await flushNamed(em, profile)
    const changed = (['name', 'limits'] as const).filter((name) => input[name] !== undefined)
    await recordAudit(
      { ...ctx, em },
      {
        action: 'profile.updated',
        workspaceId: profile.workspaceId,
        object: { kind: 'profile', id: profile.id },
        details: { platform: profile.platform, changed, credentials: renewed?.fields ?? [] },
      },
    )
    return profile
  })

/** Under another master key it is the same. */
export const isSameSecret = (one: CredentialProfile, other: CredentialProfile): boolean =>
  one.secretRef === other.secretRef &&
  JSON.stringify(one.sealedFields) === JSON.stringify(other.sealedFields)
