import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../../audit/audit.ts'
import { forgetWorkspaceKeys } from '../../cache/workspace-keys.ts'
import type { Context } from '../../context.ts'
import { AppError, invalidField, notFound } from '../../core/errors.ts'
import { forWorkspace } from '../../database/database.ts'
import type { Place } from './members.repository.ts'
import { eraseWorkspace, withoutDeadlock } from './workspace-end.ts'
import { requireRole } from './workspace-rights.ts'
import { findMemberWorkspace } from './workspaces.queries.ts'
import {
  countOwnTeams,
  insertWorkspace,
  lockPerson,
  lockWorkspace,
  renameWorkspace,
} from './workspaces.repository.ts'
import type { WorkspaceView } from './workspaces.schemas.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin'>

const mostTeams = 50

export async function getWorkspace(em: EntityManager, { workspaceId, userId }: Place) {
  const found = await findMemberWorkspace(em, workspaceId, userId)
  if (!found) throw notFound('Workspace')
  return found
}

/** A workspace for several people; who opens it owns it. */
export const createWorkspace = (
  ctx: Needs,
  { userId, name }: { userId: string; name: string },
): Promise<WorkspaceView> =>
  ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    await lockPerson(em, userId)
    if ((await countOwnTeams(em, userId)) >= mostTeams) {
      throw new AppError('conflict', `One person may own at most ${mostTeams} team workspaces.`)
    }
    const { id } = await insertWorkspace(em, { userId, name, kind: 'team', now: ctx.clock.now() })
    const object = { kind: 'workspace', id }
    await recordAudit({ ...ctx, em }, { action: 'workspace.created', workspaceId: id, object })
    return { id, name, kind: 'team', role: 'owner' }
  })

export const changeName = (
  ctx: Needs,
  { workspaceId, userId }: Place,
  name: string,
): Promise<WorkspaceView> =>
  forWorkspace(ctx.em, workspaceId).transactional(async (inner) => {
    const em = inner as EntityManager
    await lockWorkspace(em, workspaceId)
    await requireRole(em, { workspaceId, userId }, 'owner')
    await renameWorkspace(em, workspaceId, name)
    const object = { kind: 'workspace', id: workspaceId }
    const event = { action: 'workspace.updated', workspaceId, object } as const
    await recordAudit({ ...ctx, em }, { ...event, details: { changed: ['name'] } })
    return getWorkspace(em, { workspaceId, userId })
  })

/** Ends a team's workspace with all that was collected in it. The name is typed again. */
export async function deleteWorkspace(
  ctx: Needs & Pick<Context, 'hints'>,
  place: Place,
  name: string,
): Promise<void> {
  await withoutDeadlock(() =>
    forWorkspace(ctx.em, place.workspaceId).transactional(async (inner) => {
      const em = inner as EntityManager
      const workspace = await lockWorkspace(em, place.workspaceId)
      await requireRole(em, place, 'owner')
      if (workspace?.kind !== 'team') {
        const message =
          'Only a team workspace can be deleted: a personal one goes with its account.'
        throw new AppError('conflict', message)
      }
      if (workspace.name !== name.trim()) {
        throw invalidField('/name', 'This is not the name of the workspace. Nothing was deleted.')
      }
      await eraseWorkspace({ ...ctx, em }, place.workspaceId)
    }),
  )
  await forgetWorkspaceKeys(ctx.hints, [place.workspaceId])
}
