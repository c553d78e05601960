/** Who or what a unit of work is done for. */
export type Origin = {
  kind: 'user' | 'token' | 'task' | 'cli' | 'anonymous'
  userId: string | null
  /** Of a task or a command. */
  name: string | null
  requestId: string | null
  ip: string | null
  userAgent: string | null
}

const nobody = { userId: null, requestId: null, ip: null, userAgent: null }

export const taskOrigin = (name: string): Origin => ({ ...nobody, kind: 'task', name })
export const commandOrigin = (name: string): Origin => ({ ...nobody, kind: 'cli', name })
