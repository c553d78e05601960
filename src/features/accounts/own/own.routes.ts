import { z } from 'zod'
import { route } from '../../../http/route.ts'
import { presentUser } from '../accounts.presenter.ts'
import { Told, UserView } from '../accounts.schemas.ts'
import { getUser } from '../accounts.service.ts'
import { askForNewEmail } from './change-email.service.ts'
import { changePassword } from './change-password.service.ts'
import { EmailChange, OwnChanges, PasswordChange } from './own.schemas.ts'
import { changeOwnProfile } from './profile.service.ts'

const own = { tag: 'Accounts', access: 'user', role: 'viewer' } as const

const read = route({
  ...own,
  method: 'get',
  path: '/api/users/me',
  summary: 'Your own account',
  status: 200,
  response: UserView,
  handler: async ({ ctx, actor }) => presentUser(await getUser(ctx.em, actor.userId)),
})

const change = route({
  ...own,
  scope: 'session',
  method: 'patch',
  path: '/api/users/me',
  summary: 'Change what is said of you: username, display name, bio, avatar',
  body: OwnChanges,
  status: 200,
  response: UserView,
  handler: async ({ ctx, actor, body }) =>
    presentUser(await changeOwnProfile(ctx, actor.userId, body)),
})

const password = route({
  ...own,
  scope: 'session',
  limit: 'sensitive',
  method: 'put',
  path: '/api/users/me/password',
  summary: 'Change your password; every other session ends',
  description: 'Where a second factor is on, `code` is needed too.',
  body: PasswordChange,
  status: 204,
  response: z.void(),
  handler: async ({ ctx, actor, body }) => changePassword(ctx, actor, body),
})

const email = route({
  ...own,
  scope: 'session',
  limit: 'sensitive',
  method: 'post',
  path: '/api/users/me/email',
  summary: 'Ask for another e-mail address',
  description:
    'A mail goes to it; its link makes it yours. Where a second factor is on, `code` is needed too.',
  body: EmailChange,
  status: 202,
  response: Told,
  handler: async ({ ctx, actor, body }) => {
    await askForNewEmail(ctx, actor.userId, body)
    return {
      message: 'A mail went to the new address. Until its link is followed nothing changes.',
    }
  },
})

export const ownRoutes = [read, change, password, email]
