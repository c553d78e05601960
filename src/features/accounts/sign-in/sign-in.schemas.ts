import { z } from 'zod'
import { Id } from '../../../http/id.ts'
import { WorkspaceView } from '../../workspaces/index.ts'
import { Email, UserView } from '../accounts.schemas.ts'

/** Rules for new passwords do not count here: a wrong one is just wrong. */
export const Login = z.strictObject({ email: Email, password: z.string().min(1).max(128) })
export type Login = z.infer<typeof Login>

export const Refresh = z.strictObject({ refreshToken: z.string().min(1).max(200) })

export const Tokens = z.object({
  tokenType: z.literal('Bearer'),
  accessToken: z.string().meta({ description: 'Dies with its session' }),
  expiresIn: z.number().int().meta({ description: 'Seconds the accessToken is good for' }),
  refreshToken: z.string().meta({
    description: 'Good for one POST /api/auth/refresh: used a second time, it ends the session',
  }),
})

export const SignedIn = Tokens.extend({ user: UserView }).meta({ id: 'SignedIn' })
export type SignedIn = z.infer<typeof SignedIn>

export const Me = z
  .object({
    user: UserView,
    workspace: WorkspaceView,
    session: z
      .object({ id: Id, createdAt: z.iso.datetime(), expiresAt: z.iso.datetime() })
      .nullable()
      .meta({ description: 'null: an API token asks' }),
  })
  .meta({ id: 'Me' })
