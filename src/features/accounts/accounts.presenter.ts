import type { z } from 'zod'
import type { UserView } from './accounts.schemas.ts'
import type { User } from './user.entity.ts'

export const presentUser = (user: User): z.infer<typeof UserView> => ({
  id: user.id,
  email: user.email,
  username: user.username ?? null,
  displayName: user.displayName ?? null,
  bio: user.bio ?? null,
  avatarUrl: user.avatarUrl ?? null,
  role: user.role,
  isVerified: user.isVerified,
  createdAt: user.createdAt.toISOString(),
  updatedAt: user.updatedAt.toISOString(),
})
