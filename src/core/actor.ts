export const memberRoles = ['viewer', 'editor', 'owner'] as const
export type MemberRole = (typeof memberRoles)[number]
export const scopes = ['read', 'write', 'export'] as const
export type Scope = (typeof scopes)[number]

/** Who is asking: proven by the token, its session and the membership, once per request. */
export type Actor = {
  userId: string
  email: string
  role: 'user' | 'admin'
  /** null: an API token asks. */
  sessionId: string | null
  /** null: a session asks. */
  apiToken: { id: string; scopes: readonly Scope[] } | null
  /** The active workspace: the one that X-Workspace names, else the session's or the token's own. */
  workspaceId: string
  memberRole: MemberRole
}
