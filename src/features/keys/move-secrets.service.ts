import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import { SealError } from '../../secrets/aes-gcm.ts'
import type { StoreName } from '../../secrets/stores/secret-store.ts'
import { moveSecret } from '../credentials/index.ts'
import { everyProfileIn, type ProfilePlace } from './every-profile.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'log' | 'origin' | 'secretStores'>

export type Moved = { moved: number; failed: { id: string; reason: string }[] }

/** Moves every secret that lies elsewhere into this store, one by one, while everything runs. */
export async function moveSecrets(
  ctx: Needs,
  to: StoreName,
  onProgress: (moved: number) => void,
): Promise<Moved> {
  const result: Moved = { moved: 0, failed: [] }
  const from = to === 'aws' ? 'database' : 'aws'
  for await (const place of everyProfileIn(ctx.em, from)) {
    await moveOne(ctx, place, to, result)
    onProgress(result.moved)
  }
  return result
}

async function moveOne(
  ctx: Needs,
  place: ProfilePlace,
  to: StoreName,
  result: Moved,
): Promise<void> {
  try {
    if (await moveSecret(ctx, place, to)) result.moved += 1
  } catch (error) {
    if (!(error instanceof SealError || error instanceof AppError)) throw error
    result.failed.push({ id: place.profileId, reason: error.message })
  }
}
