import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import { AppError, notFound } from '../../core/errors.ts'
import type { Platform } from '../../platforms/platform.ts'
import { checkCredentials, checkLimits, filled, hintsOf } from './credential-fields.ts'
import type { CredentialProfile } from './credential-profile.entity.ts'
import {
  countSources,
  findProfile,
  insertProfile,
  lockProfile,
  reserveProfileId,
} from './credentials.repository.ts'
import type { CreateProfile } from './credentials.schemas.ts'
import { keepWithRow, outsideOf, removeDueSecrets } from './outside-secrets.service.ts'

type Part = Pick<Context, 'em' | 'clock' | 'log' | 'origin' | 'secretStores' | 'platforms'>

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
  const fields = filled(input.credentials)
  checkCredentials(platform, fields)
  checkLimits(platform, input.limits)
  const id = await reserveProfileId(ctx.em)
  const owner = { workspaceId, profileId: id }
  return keepWithRow(ctx, { owner, store: ctx.secretStores.current, fields }, async (em, kept) => {
    const { name, limits } = input
    const hints = hintsOf(platform, fields)
    const row = { id, workspaceId, platform: platform.id, name, limits, hints, ...kept }
    const profile = await insertProfile(em, row, ctx.clock.now())
    await recordChange({ ...ctx, em }, 'profile.created', profile)
    return profile
  })
}

const recordChange = (
  ctx: Pick<Context, 'em' | 'clock' | 'origin'>,
  action: 'profile.created' | 'profile.deleted' | 'profile.enabled',
  { id, workspaceId, platform }: CredentialProfile,
) =>
  recordAudit(ctx, {
    action,
    workspaceId,
    object: { kind: 'profile', id },
    details: { platform },
  })

/** Its sources and all that was collected hang on a profile, so they go only when that is said. */
export async function deleteProfile(
  ctx: Pick<Context, 'em' | 'clock' | 'origin' | 'log' | 'secretStores'>,
  id: string,
  withSources: boolean,
): Promise<void> {
  const outside = await ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const profile = await lockProfile(em, id)
    const sources = withSources ? 0 : await countSources(em, id)
    if (sources > 0) {
      const message = `${sources} sources are watched with this profile. Delete them first, or say withSources=true to delete them with all that was collected from them`
      throw new AppError('conflict', message)
    }
    em.remove(profile)
    await em.flush()
    await recordChange({ ...ctx, em }, 'profile.deleted', profile)
    return outsideOf(profile)
  })
  if (outside) await removeDueSecrets(ctx, outside)
}

/** Lets a disabled profile run again; the next refusals disable it anew. */
export const enableProfile = (
  ctx: Pick<Context, 'em' | 'clock' | 'origin'>,
  id: string,
): Promise<CredentialProfile> =>
  ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const profile = await lockProfile(em, id)
    profile.state = 'active'
    profile.stateReason = null
    profile.unauthorizedCount = 0
    profile.updatedAt = ctx.clock.now()
    await em.flush()
    await recordChange({ ...ctx, em }, 'profile.enabled', profile)
    return profile
  })
