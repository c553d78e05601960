import { createHash, randomBytes } from 'node:crypto'
import type { Context } from '../../context.ts'
import { forWorkspace } from '../../database/database.ts'
import { findInvitationWorkspace } from './invitations.queries.ts'
import { keepToken } from './invitations.repository.ts'

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

/**
 * Makes the secret of an invitation's link, at the moment in which its mail is sent: 256 bits, of which
 * only the hash is kept. A later one takes its place. null: there is nothing to send any more.
 */
export async function mintInvitationToken(
  { em, clock }: Pick<Context, 'em' | 'clock'>,
  invitationId: string,
): Promise<{ token: string; expiresAt: Date } | null> {
  const workspaceId = await findInvitationWorkspace(em, invitationId)
  if (workspaceId === null) return null
  const token = randomBytes(32).toString('base64url')
  const inside = forWorkspace(em, workspaceId)
  const kept = await keepToken(inside, invitationId, hashOf(token), clock.now())
  return kept && { token, expiresAt: kept.expires_at }
}
