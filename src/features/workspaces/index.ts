import { invitationRoutes } from './invitations.routes.ts'
import { memberRoutes } from './members.routes.ts'
import { workspaceRoutes as ownRoutes } from './workspaces.routes.ts'

export { closeAccountWorkspaces } from './account-workspaces.service.ts'
export { mintInvitationToken } from './invitation-token.ts'
export { forgetInvitations, hasOpenInvitation } from './invitations.queries.ts'
export { pickWorkspace } from './pick-workspace.queries.ts'
export { withoutDeadlock } from './workspace-end.ts'
export {
  findHomeWorkspaceId,
  findMemberWorkspace,
  findWorkspacesOf,
} from './workspaces.queries.ts'
export { createPersonalWorkspace } from './workspaces.repository.ts'
export { WorkspaceView } from './workspaces.schemas.ts'
export { createWorkspace } from './workspaces.service.ts'

export const workspaceRoutes = [...ownRoutes, ...memberRoutes, ...invitationRoutes]
