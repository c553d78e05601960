import { z } from 'zod'
import { Id } from '../../http/id.ts'
import { WorkspaceView } from '../workspaces/index.ts'

/** One address, one account, however it is typed. */
const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'is longer than an e-mail address can be')
  .pipe(z.email('is not an e-mail address'))
  .meta({ example: 'ada@example.org' })

/** The same rules in words for every place where a password is chosen. */
const NewPassword = z
  .string()
  .min(8, 'must have at least 8 characters')
  .max(128, 'may have at most 128 characters')
  .refine((text) => /\p{L}/u.test(text), 'must contain a letter')
  .refine((text) => /[^\p{L}\s]/u.test(text), 'must contain a digit or a symbol')
  .refine((text) => new Set(text).size >= 4, 'must not repeat a few characters')
  .meta({ description: '8 to 128 characters: a letter and a digit or symbol, not the address' })

export const Credentials = z
  .strictObject({ email: Email, password: NewPassword })
  .refine(({ email, password }) => !sameWord(email, password), {
    path: ['password'],
    error: 'must not be the e-mail address',
  })
export type Credentials = z.infer<typeof Credentials>

const sameWord = (email: string, password: string) => {
  const word = password.trim().toLowerCase()
  return word === email || word === email.split('@')[0]
}

/** Rules for new passwords do not count here: a wrong one is just wrong. */
export const Login = z.strictObject({ email: Email, password: z.string().min(1).max(128) })
export type Login = z.infer<typeof Login>

export const Refresh = z.strictObject({ refreshToken: z.string().min(1).max(200) })

export const UserView = z
  .object({
    id: Id,
    email: z.string(),
    role: z.enum(['user', 'admin']),
    isVerified: z.boolean(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'User' })

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
