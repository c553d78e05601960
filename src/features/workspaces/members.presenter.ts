import type { z } from 'zod'
import type { findMembers } from './members.repository.ts'
import type { MemberView } from './members.schemas.ts'

type MemberRow = Awaited<ReturnType<typeof findMembers>>[number]

export const presentMember = (row: MemberRow): z.infer<typeof MemberView> => ({
  userId: row.user_id,
  email: row.email,
  username: row.username,
  displayName: row.display_name,
  role: row.role,
  joinedAt: row.created_at.toISOString(),
})
