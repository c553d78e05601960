import { defineEntity, p } from '@mikro-orm/core'
import type { MemberRole } from '../../http/route.ts'

export const MembershipEntity = defineEntity({
  name: 'Membership',
  tableName: 'memberships',
  properties: {
    workspaceId: p.bigint('string').primary(),
    userId: p.bigint('string').primary(),
    role: p.text().$type<MemberRole>(),
    createdAt: p.datetime(),
  },
})
