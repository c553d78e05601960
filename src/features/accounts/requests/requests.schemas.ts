import { z } from 'zod'
import { DisplayName, Email, NewPassword } from '../accounts.schemas.ts'
import { reasonsAgainst } from '../passwords/password-rules.ts'

export const Registration = z
  .strictObject({ email: Email, password: NewPassword, displayName: DisplayName.optional() })
  .superRefine(({ email, password, displayName }, context) => {
    for (const message of reasonsAgainst(password, { email, displayName })) {
      context.addIssue({ code: 'custom', path: ['password'], message })
    }
  })
