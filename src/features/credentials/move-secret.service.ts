import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import { forWorkspace } from '../../database/database.ts'
import type { StoreName } from '../../secrets/stores/secret-store.ts'
import { findProfile, lockProfile } from './credentials.repository.ts'
import { openCredentials } from './open-secret.service.ts'
import { keepWithRow, outsideOf, removeDueSecrets } from './outside-secrets.service.ts'
import { isSameSecret } from './update-profile.service.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'log' | 'origin' | 'secretStores'>

/**
 * Moves one profile's secret to another store; the old place is emptied when the row says the new one.
 * false: it is there already, or gone. Safe to run again after a crash.
 */
export async function moveSecret(
  ctx: Needs,
  { workspaceId, profileId }: { workspaceId: string; profileId: string },
  to: StoreName,
): Promise<boolean> {
  const em = forWorkspace(ctx.em, workspaceId)
  const inWorkspace = { ...ctx, em }
  const seen = await findProfile(em, profileId)
  if (!seen || seen.secretStore === to) return false
  const from = seen.secretStore
  const outside = outsideOf(seen)
  const fields = await openCredentials(inWorkspace, seen, 'move')
  const owner = { workspaceId, profileId }
  const store = ctx.secretStores.byName(to)
  await keepWithRow(inWorkspace, { owner, store, fields }, async (em, kept) => {
    const profile = await lockProfile(em, profileId)
    if (!isSameSecret(profile, seen)) {
      throw new AppError('conflict', 'It was changed while it was moved: move once more.')
    }
    Object.assign(profile, kept)
    await em.flush()
    await recordMove({ ...ctx, em }, profileId, workspaceId, { from, to })
  })
  if (outside) await removeDueSecrets(ctx, outside)
  return true
}

const recordMove = (
  ctx: Pick<Context, 'clock' | 'origin'> & { em: EntityManager },
  id: string,
  workspaceId: string,
  details: { from: StoreName; to: StoreName },
) =>
  recordAudit(ctx, {
    action: 'secret.moved',
    workspaceId,
    object: { kind: 'profile', id },
    details,
  })
