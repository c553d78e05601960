import { z } from 'zod'
import { route } from '../../../http/route.ts'
import { LinkToken, NewPassword, SecondFactorCode, TypedPassword } from '../accounts.schemas.ts'
import { confirmEmail } from './confirm-email.service.ts'
import { resetPassword } from './reset-password.service.ts'
import { verifyEmail } from './verify-email.service.ts'

const byLink = {
  tag: 'Accounts',
  access: 'public',
  method: 'post',
  status: 204,
  response: z.void(),
} as const

const verify = route({
  ...byLink,
  path: '/api/auth/verify-email',
  summary: 'Prove an address with the token of the mail that went to it, and the password',
  description:
    'From now on its owner can sign in. The password is the one of the newest registration: an ' +
    'account that somebody else opened with your address does not become usable by your click. ' +
    'Whoever does not know it asks for a new one (POST /api/auth/forgot-password), which proves the ' +
    'address too. A token is good once, for an hour.',
  body: z.strictObject({ token: LinkToken, password: TypedPassword }),
  handler: async ({ ctx, body }) => verifyEmail(ctx, body),
})

const reset = route({
  ...byLink,
  path: '/api/auth/reset-password',
  summary: 'Set a new password with the token of the mail that was asked for',
  description:
    'Ends every session and revokes every API token. Where a second factor is on, `code` is needed ' +
    'too. A token is good once, for half an hour.',
  body: z.strictObject({
    token: LinkToken,
    password: NewPassword,
    code: SecondFactorCode.optional(),
  }),
  handler: async ({ ctx, body }) => resetPassword(ctx, body),
})

const confirm = route({
  ...byLink,
  path: '/api/auth/confirm-email',
  summary: 'Prove a new address with the token of the mail that went to it',
  description:
    'From now on it is the one to sign in with, and every session ends; API tokens stay. A token is ' +
    'good once, for an hour.',
  body: z.strictObject({ token: LinkToken }),
  handler: async ({ ctx, body }) => confirmEmail(ctx, body.token),
})

export const linkRoutes = [verify, reset, confirm]
