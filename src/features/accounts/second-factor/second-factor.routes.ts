import { z } from 'zod'
import { route } from '../../../http/route.ts'
import {
  ConfirmSecondFactor,
  ProveBoth,
  RecoveryCodes,
  SecondFactorState,
  StartedSecondFactor,
  StartSecondFactor,
} from './second-factor.schemas.ts'
import {
  confirmSecondFactor,
  findState,
  removeSecondFactor,
  renewRecoveryCodes,
  startSecondFactor,
} from './second-factor.service.ts'

const own = { tag: 'Second factor', access: 'user', role: 'viewer', scope: 'session' } as const
const path = '/api/users/me/second-factor'

const state = route({
  ...own,
  method: 'get',
  path,
  summary: 'Whether a second factor is on, and how many recovery codes are left',
  status: 200,
  response: SecondFactorState,
  handler: async ({ ctx, actor }) => findState(ctx, actor.userId),
})

const start = route({
  ...own,
  limit: 'sensitive',
  method: 'post',
  path,
  summary: 'Start a second factor: a secret for an authenticator app',
  description: 'It is on once a code of it is confirmed with PUT.',
  body: StartSecondFactor,
  status: 200,
  response: StartedSecondFactor,
  handler: async ({ ctx, actor, body }) => startSecondFactor(ctx, actor, body.currentPassword),
})

const confirm = route({
  ...own,
  limit: 'sensitive',
  method: 'put',
  path,
  summary: 'Turn the second factor on with a first code of it',
  description: 'Ends your other sessions. Shows the recovery codes, this once.',
  body: ConfirmSecondFactor,
  status: 200,
  response: RecoveryCodes,
  handler: async ({ ctx, actor, body }) => confirmSecondFactor(ctx, actor, body.code),
})

const remove = route({
  ...own,
  limit: 'sensitive',
  method: 'delete',
  path,
  summary: 'Turn the second factor off',
  description: 'Ends your other sessions.',
  body: ProveBoth,
  status: 204,
  response: z.void(),
  handler: async ({ ctx, actor, body }) => removeSecondFactor(ctx, actor, body),
})

const renew = route({
  ...own,
  limit: 'sensitive',
  method: 'post',
  path: `${path}/recovery-codes`,
  summary: 'Make new recovery codes in place of all that were left',
  body: ProveBoth,
  status: 200,
  response: RecoveryCodes,
  handler: async ({ ctx, actor, body }) => renewRecoveryCodes(ctx, actor, body),
})

export const secondFactorRoutes = [state, start, confirm, remove, renew]
