import type { z } from 'zod'
import type { UserView } from './accounts.schemas.ts'
import type { User } from './user.entity.ts'

export const presentUser = (user: User): z.infer<typeof UserView> => ({
  id: user.id,
  email: user.email,
  role: user.role,
  isVerified: user.isVerified,
  createdAt: user.createdAt.toISOString(),
})
