import { callApi, openTestAccount, password, type TestApp } from './app.ts'
import { asOwner } from './servers.ts'

export type Tokens = { accessToken: string; refreshToken: string }

/** A clock that goes on by itself and can be put forward. */
export function movingClock() {
  const clock = { offsetMs: 0, now: () => new Date(Date.now() + clock.offsetMs) }
  return clock
}

/** Somebody with an account, and the ways to be signed in. */
export async function openPerson(app: TestApp, email: string) {
  const userId = await openTestAccount(app.parts, { email })
  const login = () => callApi(app.url, null, 'POST', '/api/auth/login', { email, password })
  return {
    userId,
    email,
    login,
    signIn: async (): Promise<Tokens> => {
      const answer = await login()
      if (answer.status !== 200) throw new Error(`login answered ${answer.status}`)
      return answer.body as Tokens
    },
  }
}
export type AccountHolder = Awaited<ReturnType<typeof openPerson>>

export type AuditRow = {
  action: string
  outcome: string
  actor_id: string | null
  workspace_id: string | null
  object_kind: string | null
  object_id: string | null
  details: Record<string, unknown>
  personal: Record<string, unknown> | null
}

/** What the audit log holds of these actions, the oldest first. */
export const auditOf = (app: TestApp, ...actions: string[]): Promise<AuditRow[]> =>
  asOwner(app.ownerUrl, async (client) => {
    await client.query('set role earshot_system')
    const text = `select action, outcome, actor_id::text, workspace_id::text, object_kind, object_id,
      details, personal from audit_log where action = any($1) order by id`
    return (await client.query<AuditRow>(text, [actions])).rows
  })

/** What a problem document says apart from where and when it was asked. */
export const wordsOf = ({ body }: { body: unknown }): string => {
  const { requestId: _id, instance: _instance, ...words } = body as Record<string, unknown>
  return JSON.stringify(words)
}
