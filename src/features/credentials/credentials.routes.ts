import { z } from 'zod'
import { IdParams } from '../../http/id.ts'
import { route } from '../../http/route.ts'
import { BudgetView } from './budget.schemas.ts'
import { describeBudget } from './budget.service.ts'
import { presentProfile } from './credentials.presenter.ts'
import { findProfiles } from './credentials.repository.ts'
import {
  CreateProfile,
  DeleteProfileQuery,
  ProfileFilter,
  ProfilePage,
  ProfileView,
  UpdateProfile,
  VerificationView,
} from './credentials.schemas.ts'
import { createProfile, deleteProfile, enableProfile, getProfile } from './credentials.service.ts'
import { updateProfile } from './update-profile.service.ts'
import { verifyProfile } from './verify-profile.service.ts'

const path = '/api/profiles'
const tag = 'Profiles'

const create = route({
  method: 'post',
  path,
  tag,
  summary: "Keep a platform's credentials, sealed",
  access: 'user',
  body: CreateProfile,
  status: 201,
  response: ProfileView,
  handler: async ({ ctx, actor, body }) => {
    return presentProfile(await createProfile(ctx, actor.workspaceId, body))
  },
})

const list = route({
  method: 'get',
  path,
  tag,
  summary: 'The credential profiles of this workspace, newest first',
  access: 'user',
  query: ProfileFilter,
  status: 200,
  response: ProfilePage,
  handler: async ({ ctx, query }) => {
    const { items, nextCursor } = await findProfiles(ctx.em, query)
    return { items: items.map(presentProfile), nextCursor }
  },
})

const get = route({
  method: 'get',
  path: `${path}/{id}`,
  tag,
  summary: 'One credential profile',
  access: 'user',
  params: IdParams,
  status: 200,
  response: ProfileView,
  handler: async ({ ctx, params }) => presentProfile(await getProfile(ctx.em, params.id)),
})

const update = route({
  method: 'patch',
  path: `${path}/{id}`,
  tag,
  summary: 'Change the name, the limits or some of the credentials',
  access: 'user',
  params: IdParams,
  body: UpdateProfile,
  status: 200,
  response: ProfileView,
  handler: async ({ ctx, params, body }) =>
    presentProfile(await updateProfile(ctx, params.id, body)),
})

const remove = route({
  method: 'delete',
  path: `${path}/{id}`,
  tag,
  summary: 'Delete a profile and its sealed credentials',
  access: 'user',
  params: IdParams,
  query: DeleteProfileQuery,
  status: 204,
  response: z.void(),
  handler: async ({ ctx, params, query }) => {
    await deleteProfile(ctx, params.id, query.withSources === 'true')
  },
})

const verify = route({
  method: 'post',
  path: `${path}/{id}/verify`,
  tag,
  summary: 'Try the credentials with the cheapest real call',
  access: 'user',
  params: IdParams,
  status: 200,
  response: VerificationView,
  handler: async ({ ctx, params }) => verifyProfile(ctx, params.id),
})

const enable = route({
  method: 'post',
  path: `${path}/{id}/enable`,
  tag,
  summary: 'Let a disabled profile run again',
  access: 'user',
  params: IdParams,
  status: 200,
  response: ProfileView,
  handler: async ({ ctx, params }) => presentProfile(await enableProfile(ctx, params.id)),
})

const budget = route({
  method: 'get',
  path: `${path}/{id}/budget`,
  tag,
  summary: 'What is left, when it refills, and what the active jobs will use a day',
  access: 'user',
  params: IdParams,
  status: 200,
  response: BudgetView,
  handler: async ({ ctx, params }) => describeBudget(ctx, await getProfile(ctx.em, params.id)),
})

export const credentialRoutes = [create, list, get, update, remove, verify, enable, budget]
