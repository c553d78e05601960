import { z } from 'zod'
import {
  DisplayName,
  Email,
  NewPassword,
  ownText,
  SecondFactorCode,
  TypedPassword,
} from '../accounts.schemas.ts'

/** Public, so that it may be said when somebody has it already. */
const Username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9_]{3,30}$/, 'has 3 to 30 letters a-z, digits or underscores')
  .meta({ example: 'ada_l' })

const AvatarUrl = z
  .url({ protocol: /^https$/, error: 'must be an address that starts with https://' })
  .max(500, 'may have at most 500 characters')
  .refine((text) => {
    const { username, password } = new URL(text)
    return username === '' && password === ''
  }, 'must not hold a user name or password')

export const OwnChanges = z
  .strictObject({
    username: Username,
    displayName: DisplayName.nullable(),
    bio: ownText(500).nullable(),
    avatarUrl: AvatarUrl.nullable(),
  })
  .partial()
  .meta({ description: 'What is not named stays as it is; null takes it away.' })
export type OwnChanges = z.infer<typeof OwnChanges>

export const PasswordChange = z.strictObject({
  currentPassword: TypedPassword,
  newPassword: NewPassword,
  code: SecondFactorCode.optional(),
})

export const EmailChange = z.strictObject({
  currentPassword: TypedPassword,
  email: Email,
  code: SecondFactorCode.optional(),
})
