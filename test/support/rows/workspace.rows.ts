import { linkFor } from '../matrix/objects.ts'
import { anyone, inPath, ownAccount, type Row } from '../matrix/row.ts'

const path = '/api/workspaces'
const leaving = {
  documented: { role: 'viewer', because: 'everybody may leave; here one takes out another' },
} as const

/** Who is in a workspace. The role that counts is the one in the workspace of the path. */
export const workspaceRows: Record<string, Row> = {
  [`GET ${path}`]: ownAccount(),
  [`POST ${path}`]: ownAccount({ body: () => ({ name: 'Another' }) }),
  [`GET ${path}/{id}`]: inPath('viewer', 'workspace'),
  [`PATCH ${path}/{id}`]: inPath('owner', 'workspace', { body: () => ({ name: 'Team' }) }),
  // A wrong name: the team is needed for the next caller.
  [`POST ${path}/{id}/deletion`]: inPath('owner', 'workspace', {
    body: () => ({ name: 'Not its name' }),
    says: [400],
  }),
  [`GET ${path}/{id}/members`]: inPath('viewer', 'workspace'),
  [`PATCH ${path}/{id}/members/{userId}`]: inPath('owner', 'member', {
    fresh: true,
    body: () => ({ role: 'viewer' }),
  }),
  [`DELETE ${path}/{id}/members/{userId}`]: inPath('owner', 'member', { fresh: true, ...leaving }),
  [`GET ${path}/{id}/invitations`]: inPath('owner', 'workspace'),
  [`POST ${path}/{id}/invitations`]: inPath('owner', 'workspace', {
    body: () => ({ email: 'somebody@example.org', role: 'viewer' }),
  }),
  [`DELETE ${path}/{id}/invitations/{invitationId}`]: inPath('owner', 'invitation', {
    fresh: true,
  }),
  [`POST ${path}/{id}/invitations/{invitationId}/resend`]: inPath('owner', 'invitation', {
    fresh: true,
  }),
  'POST /api/invitations/accept': ownAccount({
    body: async ({ world, caller }) => ({
      token: await linkFor(world, (caller.person ?? world.owner).email),
    }),
  }),
  'POST /api/invitations/decline': anyone({
    body: async ({ world }) => ({ token: await linkFor(world) }),
  }),
}
