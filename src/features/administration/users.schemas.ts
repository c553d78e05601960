import { z } from 'zod'
import { pageLimit } from '../../core/paging.ts'
import { Id } from '../../http/id.ts'
import { ownText, SecondFactorCode, TypedPassword } from '../accounts/index.ts'
import { WorkspaceView } from '../workspaces/index.ts'

const Role = z.enum(['user', 'admin'])
const flag = z.enum(['true', 'false']).optional()

export const AdminUserView = z
  .object({
    id: Id,
    email: z.string(),
    username: z.string().nullable(),
    displayName: z.string().nullable(),
    role: Role,
    isActive: z.boolean(),
    isVerified: z.boolean(),
    hasSecondFactor: z.boolean(),
    createdAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime().nullable().meta({ description: 'null: never signed in' }),
  })
  .meta({ id: 'AdminUser' })

export const AdminUserDetail = AdminUserView.extend({
  disabledAt: z.iso.datetime().nullable(),
  disabledReason: z.string().nullable(),
  sessions: z.number().int().meta({ description: 'That live' }),
  apiTokens: z.number().int().meta({ description: 'That are good' }),
  workspaces: z.array(WorkspaceView),
}).meta({ id: 'AdminUserDetail' })
export type AdminUserDetail = z.infer<typeof AdminUserDetail>

export const AdminUserPage = z
  .object({ items: z.array(AdminUserView), nextCursor: z.string().nullable() })
  .meta({ id: 'AdminUserPage' })

export const AdminUserFilter = z.strictObject({
  search: z
    .string()
    .trim()
    .toLowerCase()
    .min(1)
    .max(254)
    .optional()
    .meta({ description: 'How the address, the username or the display name begins' }),
  role: Role.optional(),
  active: flag,
  verified: flag,
  limit: pageLimit(50, 200),
  cursor: z.string().max(200).optional(),
})
export type AdminUserFilter = z.infer<typeof AdminUserFilter>

export const DisableUser = z.strictObject({
  reason: ownText(500).meta({ description: 'The person reads it in a mail' }),
})

export const ChangeRole = z.strictObject({
  role: Role,
  currentPassword: TypedPassword.meta({ description: "The administrator's own" }),
  code: SecondFactorCode.optional().meta({ description: 'Where their second factor is on' }),
})
export type ChangeRole = z.infer<typeof ChangeRole>

export const AdminOverview = z
  .object({
    users: z.object({
      all: z.number().int(),
      admins: z.number().int(),
      disabled: z.number().int(),
      unverified: z.number().int(),
    }),
    workspaces: z.number().int(),
    sessions: z.number().int().meta({ description: 'That live' }),
    mails: z.object({
      waiting: z.number().int(),
      givenUp: z.number().int().meta({ description: 'In the last 24 hours' }),
    }),
    security: z
      .object({
        suspicious: z.number().int(),
        failedLogins: z.number().int(),
        lockedOut: z.number().int(),
        denied: z.number().int(),
        overLimits: z.number().int(),
      })
      .meta({ description: 'Rows of the audit log in the last 24 hours' }),
  })
  .meta({ id: 'AdminOverview' })
export type AdminOverview = z.infer<typeof AdminOverview>
