import { z } from 'zod'
import { Id } from '../../http/id.ts'
import { Role } from './workspaces.schemas.ts'

export const MemberParams = z.strictObject({ id: Id, userId: Id })

export const MemberView = z
  .object({
    userId: Id,
    email: z.string(),
    username: z.string().nullable(),
    displayName: z.string().nullable(),
    role: Role,
    joinedAt: z.iso.datetime(),
  })
  .meta({ id: 'Member' })

export const MemberList = z.object({ items: z.array(MemberView) })

export const ChangeMember = z.strictObject({ role: Role }).meta({ id: 'ChangeMember' })
