import { z } from 'zod'
import { Id } from '../../../http/id.ts'
import { WorkspaceView } from '../../workspaces/index.ts'
import { Email, SecondFactorCode, TypedPassword, UserView } from '../accounts.schemas.ts'

export const Login = z.strictObject({ email: Email, password: TypedPassword })

export const SecondStep = z.strictObject({
  challenge: z.string().min(1).max(200),
  code: SecondFactorCode,
})
export type SecondStep = z.infer<typeof SecondStep>

export const Refresh = z.strictObject({ refreshToken: z.string().min(1).max(4_000) })

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

const SecondFactorAsked = z
  .object({
    secondFactor: z.object({
      challenge: z.string().meta({ description: 'Goes to POST /api/auth/login/second-factor' }),
      expiresAt: z.iso.datetime(),
    }),
  })
  .meta({ id: 'SecondFactorAsked' })

export const LoginAnswer = z.union([SignedIn, SecondFactorAsked]).meta({
  description: 'Tokens; or, for who has a second factor, the challenge that a code answers',
})
export type LoginAnswer = z.infer<typeof LoginAnswer>

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
