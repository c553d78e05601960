import { route } from '../../../http/route.ts'
import { EmailOnly, Told } from '../accounts.schemas.ts'
import { ask } from './ask.service.ts'
import { Registration } from './requests.schemas.ts'

const toStranger = { tag: 'Accounts', access: 'public', status: 202, response: Told } as const

/** The same for every address: who has an account is told to nobody but the address itself. */
const look = { message: 'Look into your mailbox: if there is something to do, a mail says it.' }

const register = route({
  ...toStranger,
  method: 'post',
  path: '/api/auth/register',
  summary: 'Open an account with a workspace of its own',
  description: 'A mail with a link follows: nobody signs in before the address is verified.',
  body: Registration,
  handler: async ({ ctx, body }) => {
    await ask(ctx, { kind: 'register', ...body })
    return look
  },
})

const resend = route({
  ...toStranger,
  method: 'post',
  path: '/api/auth/resend-verification',
  summary: 'Send the mail that verifies the address once more',
  body: EmailOnly,
  handler: async ({ ctx, body }) => {
    await ask(ctx, { kind: 'resend', ...body })
    return look
  },
})

const forgot = route({
  ...toStranger,
  method: 'post',
  path: '/api/auth/forgot-password',
  summary: 'Ask for a mail with a link that sets a new password',
  body: EmailOnly,
  handler: async ({ ctx, body }) => {
    await ask(ctx, { kind: 'reset', ...body })
    return look
  },
})

export const requestRoutes = [register, resend, forgot]
