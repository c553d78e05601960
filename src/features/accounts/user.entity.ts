import { defineEntity, type InferEntity, p } from '@mikro-orm/core'

export const UserEntity = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.bigint('string').primary().autoincrement(),
    /** Lower case: one address, one account. */
    email: p.text().unique(),
    /** Lower case, chosen; null until then. */
    username: p.text().unique().nullable(),
    displayName: p.text().nullable(),
    bio: p.text().nullable(),
    avatarUrl: p.text().nullable(),
    passwordHash: p.text().hidden(),
    passwordChangedAt: p.datetime().nullable(),
    role: p.text().$type<'user' | 'admin'>().default('user'),
    isActive: p.boolean().default(true),
    /** The address is theirs: nobody signs in before that is shown. */
    isVerified: p.boolean().default(false),
    disabledAt: p.datetime().nullable(),
    disabledReason: p.text().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
})
export type User = InferEntity<typeof UserEntity>
