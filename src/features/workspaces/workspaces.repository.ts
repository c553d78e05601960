import type { EntityManager } from '@mikro-orm/postgresql'
import { MembershipEntity } from './membership.entity.ts'
import { type Workspace, WorkspaceEntity } from './workspace.entity.ts'

/** A person's own workspace, in the caller's transaction: no user is ever without one. */
export async function createPersonalWorkspace(
  em: EntityManager,
  { userId, name, now }: { userId: string; name: string; now: Date },
): Promise<Workspace> {
  const workspace = em.create(WorkspaceEntity, { name, kind: 'personal', createdAt: now })
  await em.flush()
  em.create(MembershipEntity, {
    workspaceId: workspace.id,
    userId,
    role: 'owner',
    createdAt: now,
  })
  await em.flush()
  return workspace
}
