import { z } from 'zod'
import { Email } from '../../http/email.ts'
import { Id } from '../../http/id.ts'

export { Email } from '../../http/email.ts'

/** Controls, and what turns the direction of the text around it. */
const invisible = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u

/** Text that people read of each other. */
export const ownText = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(most, `may have at most ${most} characters`)
    .refine((text) => !invisible.test(text.replace(/[\n\t]/g, '')), 'holds an invisible character')

export const DisplayName = ownText(80).refine((text) => !/[\n\t]/.test(text), 'must be one line')

/** What somebody typed to prove who they are: rules for new passwords do not count here. */
export const TypedPassword = z.string().min(1).max(256)

/** Taken as it comes: a refusal of it says why, in words. See the password's rules. */
export const NewPassword = z.string().meta({
  description:
    '8 to 128 characters: a letter and a digit or symbol (or 20 characters), none of the common ' +
    'passwords, and not made of your own names and address. POST /api/auth/password-strength judges.',
})

/** What a mail's link carries. */
export const LinkToken = z.string().min(1).max(200)

/** A code of an authenticator app, or a recovery code. */
export const SecondFactorCode = z.string().trim().min(6).max(64)

export const EmailOnly = z.strictObject({ email: Email })

export const Told = z.object({ message: z.string() })

export const UserView = z
  .object({
    id: Id,
    email: z.string(),
    username: z.string().nullable(),
    displayName: z.string().nullable(),
    bio: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    role: z.enum(['user', 'admin']),
    isVerified: z.boolean(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'User' })
