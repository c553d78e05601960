import { z } from 'zod'
import { IdParams } from '../../../http/id.ts'
import { route } from '../../../http/route.ts'
import { findApiTokens } from './api-tokens.queries.ts'
import { ApiTokenList, CreateApiToken, CreatedApiToken } from './api-tokens.schemas.ts'
import { addApiToken, endApiToken } from './api-tokens.service.ts'

const own = { tag: 'API tokens', access: 'user', role: 'viewer', scope: 'session' } as const
const path = '/api/users/me/tokens'

const list = route({
  ...own,
  method: 'get',
  path,
  summary: 'Your API tokens, of every workspace',
  status: 200,
  response: ApiTokenList,
  handler: async ({ ctx, actor }) => ({
    items: await findApiTokens(ctx.em, actor.userId, ctx.clock.now()),
  }),
})

const create = route({
  ...own,
  limit: 'sensitive',
  method: 'post',
  path,
  summary: 'Make an API token for the active workspace',
  description:
    'It is sent like an access token: Authorization: Bearer esk_... It never does more than you ' +
    'may: a viewer with the scope write changes nothing. No token makes tokens.',
  body: CreateApiToken,
  status: 201,
  response: CreatedApiToken,
  handler: async ({ ctx, actor, body }) => addApiToken(ctx, actor, body),
})

const revoke = route({
  ...own,
  method: 'delete',
  path: `${path}/{id}`,
  summary: 'Revoke an API token: it is refused from now on',
  params: IdParams,
  status: 204,
  response: z.void(),
  handler: async ({ ctx, actor, params }) => endApiToken(ctx, actor.userId, params.id),
})

export const apiTokenRoutes = [list, create, revoke]
