import { z } from 'zod'
import { SecondFactorCode, TypedPassword } from '../accounts.schemas.ts'

export const StartSecondFactor = z.strictObject({ currentPassword: TypedPassword })
export const ConfirmSecondFactor = z.strictObject({ code: SecondFactorCode })
export const ProveBoth = z.strictObject({ currentPassword: TypedPassword, code: SecondFactorCode })

export const StartedSecondFactor = z.object({
  secret: z.string().meta({ description: 'Base32, for typing. Shown this once' }),
  uri: z.string().meta({ description: 'otpauth://, for a QR code. Shown this once' }),
})

export const RecoveryCodes = z.object({
  recoveryCodes: z.array(z.string()).meta({
    description: 'Each is good for one sign-in without the app. Shown this once',
  }),
})

export const SecondFactorState = z
  .object({
    enabled: z.boolean(),
    confirmedAt: z.iso.datetime().nullable(),
    recoveryCodesLeft: z.number().int(),
  })
  .meta({ id: 'SecondFactorState' })
