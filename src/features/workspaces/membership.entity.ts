import { defineEntity, p } from '@mikro-orm/core'

export type MemberRole = 'owner' | 'editor' | 'viewer'

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
