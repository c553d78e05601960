import { z } from 'zod'
import { Id } from '../../http/id.ts'

/** One address, one account, however it is typed. */
export const Email = z
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

export const UserView = z
  .object({
    id: Id,
    email: z.string(),
    role: z.enum(['user', 'admin']),
    isVerified: z.boolean(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'User' })
