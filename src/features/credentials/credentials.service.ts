import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../context.ts'
import { AppError, notFound } from '../../core/errors.ts'
import type { Platform } from '../../platforms/platform.ts'
import {
  openSecret,
  profilePlace,
  type SealedSecret,
  sealSecret,
} from '../../secrets/sealed-secret.ts'
import { checkCredentials, checkLimits, filled, hintsOf } from './credential-fields.ts'
import type { CredentialProfile } from './credential-profile.entity.ts'
import {
  countSources,
  findProfile,
  flushNamed,
  insertProfile,
  lockProfile,
  reserveProfileId,
} from './credentials.repository.ts'
import type { CreateProfile, UpdateProfile } from './credentials.schemas.ts'

type Part = Pick<Context, 'em' | 'clock' | 'keyring' | 'platforms'>

/** Throws not_found for a profile that is not there or belongs to another workspace. */
export async function getProfile(em: EntityManager, id: string): Promise<CredentialProfile> {
  const profile = await findProfile(em, id)
  if (!profile) throw notFound('Profile')
  return profile
}

export function platformOf(ctx: Pick<Context, 'platforms'>, id: string): Platform {
  const platform = Object.hasOwn(ctx.platforms, id) ? ctx.platforms[id] : undefined
  if (!platform) throw new AppError('unavailable', `The platform ${id} is not installed`)
  return platform
}

export async function createProfile(
  ctx: Part,
  workspaceId: string,
  input: CreateProfile,
): Promise<CredentialProfile> {
  const platform = platformOf(ctx, input.platform)
  const credentials = filled(input.credentials)
  checkCredentials(platform, credentials)
  checkLimits(platform, input.limits)
  return ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const id = await reserveProfileId(em)
    const { name, limits } = input
    const sealed = sealSecret(
      ctx.keyring,
      profilePlace({ workspaceId, profileId: id }),
      credentials,
    )
    const hints = hintsOf(platform, credentials)
    return insertProfile(
      em,
      { id, workspaceId, platform: platform.id, name, limits, hints, ...sealed },
      ctx.clock.now(),
    )
  })
}

export const updateProfile = (
  ctx: Part,
  id: string,
  input: UpdateProfile,
): Promise<CredentialProfile> =>
  ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const profile = await lockProfile(em, id)
    const platform = platformOf(ctx, profile.platform)
    if (input.name !== undefined) profile.name = input.name
    if (input.limits !== undefined) {
      checkLimits(platform, input.limits)
      profile.limits = input.limits
    }
    if (input.credentials) replaceCredentials(ctx, platform, profile, filled(input.credentials))
    profile.updatedAt = ctx.clock.now()
    await flushNamed(em, profile)
    return profile
  })

/**
 * Seals the whole set anew, under a data key of its own. Other credentials have their own fate: what
 * is known of the old ones (disabled, paused, proven) is forgotten. The same ones again keep theirs.
 */
function replaceCredentials(
  ctx: Part,
  platform: Platform,
  profile: CredentialProfile,
  given: Record<string, string>,
): void {
  const place = profilePlace({ workspaceId: profile.workspaceId, profileId: profile.id })
  const stored = openSecret(ctx.keyring, place, envelopeOf(profile))
  const credentials = { ...stored, ...given }
  checkCredentials(platform, credentials)
  if (Object.entries(given).every(([name, value]) => stored[name] === value)) return
  Object.assign(profile, sealSecret(ctx.keyring, place, credentials), {
    hints: hintsOf(platform, credentials),
    state: 'active',
    stateReason: null,
    unauthorizedCount: 0,
    pausedUntil: null,
    pauseReason: null,
    verifiedAt: null,
  })
}

/** What of a profile's row is sealed. The driver may hand bytes out as a plain Uint8Array. */
export function envelopeOf({ keyId, wrappedKey, sealedFields }: CredentialProfile): SealedSecret {
  if (!keyId || !wrappedKey) throw new Error('The fields of this profile are not sealed here.')
  return { keyId, wrappedKey: Buffer.from(wrappedKey), sealedFields }
}

/** Its sources and all that was collected hang on a profile, so they go only when that is said. */
export const deleteProfile = (
  ctx: Pick<Context, 'em'>,
  id: string,
  withSources: boolean,
): Promise<void> =>
  ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const profile = await lockProfile(em, id)
    const sources = withSources ? 0 : await countSources(em, id)
    if (sources > 0) {
      const message = `${sources} sources are watched with this profile. Delete them first, or say withSources=true to delete them with all that was collected from them`
      throw new AppError('conflict', message)
    }
    em.remove(profile)
  })

/** Lets a disabled profile run again; the next refusals disable it anew. */
export const enableProfile = (
  ctx: Pick<Context, 'em' | 'clock'>,
  id: string,
): Promise<CredentialProfile> =>
  ctx.em.transactional(async (inner) => {
    const profile = await lockProfile(inner as EntityManager, id)
    profile.state = 'active'
    profile.stateReason = null
    profile.unauthorizedCount = 0
    profile.updatedAt = ctx.clock.now()
    return profile
  })
