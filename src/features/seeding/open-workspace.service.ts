import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import { findAccountId, listAccounts } from '../accounts/index.ts'
import { createWorkspace, pickWorkspace } from '../workspaces/index.ts'

const seededName = 'Seeded'

/**
 * The workspace that is seeded: the one that is named, else the one called Seeded, which is opened for
 * `owner` (an address; the oldest account when left out) where there is none yet.
 */
export async function openSeededWorkspace(
  ctx: Pick<Context, 'em' | 'clock' | 'origin'>,
  { workspace, owner }: { workspace?: string | undefined; owner?: string | undefined },
): Promise<string> {
  if (workspace !== undefined) return (await pickWorkspace(ctx.em, workspace)).id
  const there = await pickWorkspace(ctx.em, seededName).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not_found') return null
    throw error
  })
  if (there) return there.id
  const userId = await ownerOf(ctx, owner)
  return (await createWorkspace(ctx, { userId, name: seededName })).id
}

async function ownerOf({ em }: Pick<Context, 'em'>, owner: string | undefined): Promise<string> {
  const [oldest] = owner === undefined ? await listAccounts(em) : []
  const id = owner === undefined ? oldest?.id : await findAccountId(em, owner.trim())
  if (id) return id
  throw new AppError(
    'not_found',
    owner === undefined
      ? 'Nobody has an account yet who could own the workspace: `users create` makes one.'
      : `Nobody has the address ${owner}.`,
  )
}
