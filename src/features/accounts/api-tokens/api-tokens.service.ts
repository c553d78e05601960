import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../../../audit/audit.ts'
import type { Context } from '../../../context.ts'
import { AppError, notFound } from '../../../core/errors.ts'
import type { Actor } from '../../../http/route.ts'
import { getUser } from '../accounts.service.ts'
import { confirmIdentity } from '../own/confirm-identity.service.ts'
import { apiTokenHash, apiTokenHint, newApiToken } from './api-token.ts'
import { createApiToken, revokeApiToken } from './api-tokens.repository.ts'
import type { CreateApiToken } from './api-tokens.schemas.ts'

const dayMs = 86_400_000
const mostTokens = 50

type Needs = Pick<Context, 'em' | 'clock' | 'config' | 'origin' | 'limits' | 'keyring'>

/** A token for scripts, in the active workspace. It is shown this once. */
export async function addApiToken(
  ctx: Needs,
  { userId, workspaceId }: Pick<Actor, 'userId' | 'workspaceId'>,
  { name, scopes, expiresInDays, currentPassword, code }: CreateApiToken,
): Promise<{ id: string; token: string; expiresAt: string | null }> {
  const user = await getUser(ctx.em, userId)
  await confirmIdentity(ctx, user, { password: currentPassword, code })
  const token = newApiToken()
  const tokenHash = apiTokenHash(token) ?? ''
  const now = ctx.clock.now()
  const expiresAt = expiresInDays ? new Date(now.getTime() + expiresInDays * dayMs) : null
  const created = await ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const hint = apiTokenHint(token)
    const row = { userId, workspaceId, name, scopes, tokenHash, hint, now, expiresAt }
    const made = await createApiToken(em, row, mostTokens)
    if (!made) {
      throw new AppError('conflict', `You have ${mostTokens} tokens already: revoke one first.`)
    }
    const object = { kind: 'api_token', id: made.id }
    const details = { scopes, expiresInDays }
    await recordAudit({ ...ctx, em }, { action: 'api_token.created', workspaceId, object, details })
    return made
  })
  return { id: created.id, token, expiresAt: expiresAt?.toISOString() ?? null }
}

/** Refused from now on. Throws `not_found` for another's and for one that was revoked. */
export const endApiToken = (
  ctx: Pick<Context, 'em' | 'clock' | 'origin'>,
  userId: string,
  id: string,
): Promise<void> =>
  ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const revoked = await revokeApiToken(em, { id, userId, now: ctx.clock.now() })
    if (!revoked) throw notFound('API token')
    const object = { kind: 'api_token', id }
    await recordAudit(
      { ...ctx, em },
      { action: 'api_token.revoked', workspaceId: revoked.workspace_id, object },
    )
  })
