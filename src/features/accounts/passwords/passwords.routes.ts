import { z } from 'zod'
import { route } from '../../../http/route.ts'
import { DisplayName, Email } from '../accounts.schemas.ts'
import { judge } from './judge.ts'
import { scoreWords } from './strength-words.ts'

/** Far more than is judged: a longer password is told that it is too long. */
const mostAccepted = 1_000

const strength = route({
  method: 'post',
  path: '/api/auth/password-strength',
  tag: 'Accounts',
  summary: 'How strong a password is, and whether it would be taken',
  description: 'The password is judged and forgotten. It is asked while somebody types.',
  access: 'public',
  limit: 'plain',
  body: z.strictObject({
    password: z.string().max(mostAccepted),
    email: Email.optional(),
    displayName: DisplayName.optional(),
  }),
  status: 200,
  response: z
    .object({
      score: z.int().min(0).max(4),
      words: z.enum(scoreWords),
      suggestions: z.array(z.string()),
      acceptable: z.boolean(),
      reasons: z.array(z.string()).meta({ description: 'Why it is refused' }),
    })
    .meta({ id: 'PasswordStrength' }),
  handler: async ({ body: { password, ...person } }) => judge(password, person),
})

export const passwordRoutes = [strength]
