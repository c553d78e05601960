import { z } from 'zod'
import { Id } from '../../../http/id.ts'
import { scopes } from '../../../http/route.ts'
import { SecondFactorCode, TypedPassword } from '../accounts.schemas.ts'

const Scope = z.enum(scopes)

export const CreateApiToken = z.strictObject({
  name: z.string().trim().min(1).max(80).meta({ example: 'Nightly dashboard' }),
  scopes: z
    .array(Scope)
    .min(1, 'must name at least one of read, write, export')
    .max(scopes.length)
    .refine((given) => new Set(given).size === given.length, 'must name each scope once')
    .meta({ description: 'read: GET routes. write: all that changes something. export: exports' }),
  expiresInDays: z
    .int()
    .min(1)
    .max(365)
    .nullable()
    .meta({ description: 'null: it does not end by itself' }),
  currentPassword: TypedPassword,
  code: SecondFactorCode.optional().meta({ description: 'Where a second factor is on' }),
})
export type CreateApiToken = z.infer<typeof CreateApiToken>

const ApiTokenView = z
  .object({
    id: Id,
    name: z.string(),
    scopes: z.array(Scope),
    hint: z.string().meta({ description: 'Its last 4 characters' }),
    workspaceId: Id.meta({ description: 'The only workspace it works in' }),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable().meta({ description: 'To the minute' }),
    lastUsedIp: z.string().nullable(),
    expiresAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ApiToken' })

export const ApiTokenList = z.object({ items: z.array(ApiTokenView) })

export const CreatedApiToken = z.object({
  id: Id,
  token: z.string().meta({ description: 'Shown this once; its hash is kept', example: 'esk_...' }),
  expiresAt: z.iso.datetime().nullable(),
})
