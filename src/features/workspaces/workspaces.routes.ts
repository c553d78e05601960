import { z } from 'zod'
import { IdParams } from '../../http/id.ts'
import { route } from '../../http/route.ts'
import { findWorkspacesOf } from './workspaces.queries.ts'
import {
  ConfirmDeletion,
  NameWorkspace,
  WorkspaceList,
  WorkspaceView,
} from './workspaces.schemas.ts'
import { changeName, createWorkspace, deleteWorkspace, getWorkspace } from './workspaces.service.ts'

const tag = 'Workspaces'
const path = '/api/workspaces'

/** Rights are asked for in the workspace of the path; an API token belongs to one workspace alone. */
const inPath = { access: 'user', role: 'viewer', scope: 'session' } as const

const list = route({
  ...inPath,
  method: 'get',
  path,
  tag,
  summary: 'The workspaces that I am a member of, my own first',
  description: 'A request works in the one that its header X-Workspace names, else in my own.',
  status: 200,
  response: WorkspaceList,
  handler: async ({ ctx, actor }) => ({ items: await findWorkspacesOf(ctx.em, actor.userId) }),
})

const create = route({
  ...inPath,
  method: 'post',
  path,
  tag,
  summary: 'Open a workspace for several people, as its owner',
  body: NameWorkspace,
  status: 201,
  response: WorkspaceView,
  handler: ({ ctx, actor, body }) =>
    createWorkspace(ctx, { userId: actor.userId, name: body.name }),
})

const get = route({
  ...inPath,
  roleInPath: 'viewer',
  method: 'get',
  path: `${path}/{id}`,
  tag,
  summary: 'One of my workspaces',
  params: IdParams,
  status: 200,
  response: WorkspaceView,
  handler: ({ ctx, actor, params }) =>
    getWorkspace(ctx.em, { workspaceId: params.id, userId: actor.userId }),
})

const rename = route({
  ...inPath,
  roleInPath: 'owner',
  method: 'patch',
  path: `${path}/{id}`,
  tag,
  summary: 'Give a workspace another name',
  params: IdParams,
  body: NameWorkspace,
  status: 200,
  response: WorkspaceView,
  handler: ({ ctx, actor, params, body }) =>
    changeName(ctx, { workspaceId: params.id, userId: actor.userId }, body.name),
})

const remove = route({
  ...inPath,
  roleInPath: 'owner',
  method: 'post',
  path: `${path}/{id}/deletion`,
  tag,
  summary: "Delete a team's workspace with all that was collected in it",
  description:
    'At once and for good. A personal workspace goes with its account and cannot be deleted alone.',
  params: IdParams,
  body: ConfirmDeletion,
  status: 204,
  response: z.void(),
  handler: ({ ctx, actor, params, body }) =>
    deleteWorkspace(ctx, { workspaceId: params.id, userId: actor.userId }, body.name),
})

export const workspaceRoutes = [list, create, get, rename, remove]
