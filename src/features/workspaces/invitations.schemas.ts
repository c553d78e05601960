import { z } from 'zod'
import { Email } from '../../http/email.ts'
import { Id } from '../../http/id.ts'
import { Role } from './workspaces.schemas.ts'

export const InvitationParams = z.strictObject({ id: Id, invitationId: Id })

export const Invite = z.strictObject({ email: Email, role: Role }).meta({ id: 'Invite' })
export type Invite = z.infer<typeof Invite>

export const InvitationToken = z
  .strictObject({ token: z.string().min(1).max(200).describe('From the link in the mail') })
  .meta({ id: 'InvitationToken' })

export const InvitationView = z
  .object({
    id: Id,
    email: z.string(),
    role: Role,
    state: z.enum(['open', 'expired']),
    invitedBy: Id.nullable().meta({ description: 'A user; null: no longer here' }),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Invitation' })

export const InvitationList = z.object({ items: z.array(InvitationView) })
