export {
  findHomeWorkspaceId,
  findMemberWorkspace,
} from './workspaces.queries.ts'
export { createPersonalWorkspace } from './workspaces.repository.ts'
export { WorkspaceView } from './workspaces.schemas.ts'
