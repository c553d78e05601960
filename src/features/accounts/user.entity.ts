import { defineEntity, type InferEntity, p } from '@mikro-orm/core'

export const UserEntity = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.bigint('string').primary().autoincrement(),
    /** Lower case: one address, one account. */
    email: p.text().unique(),
    passwordHash: p.text().hidden(),
    role: p.text().$type<'user' | 'admin'>().default('user'),
    isActive: p.boolean().default(true),
    isVerified: p.boolean().default(false),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
})
export type User = InferEntity<typeof UserEntity>
