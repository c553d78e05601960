import type { Context } from '../../../context.ts'
import { passwordHashing } from '../password.ts'
import { type RequestKind, writeRequest } from './account-requests.repository.ts'
import { answerRequestsTask } from './account-requests.tasks.ts'
import { nudge } from './nudge.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'config' | 'log' | 'origin' | 'queues'>
type Asked = {
  kind: RequestKind
  email: string
  password?: string
  displayName?: string | undefined
}

/**
 * Notes what somebody asked for. Nothing here looks at who has an account, so nothing in the answer,
 * its time included, can depend on it: a worker finds out, and only a mail tells.
 */
export async function ask(ctx: Needs, { kind, email, password, displayName }: Asked) {
  const { em, clock, config, origin } = ctx
  const cost = config.auth.passwordHashCost
  await writeRequest(em, {
    kind,
    email,
    password_hash: password === undefined ? null : await passwordHashing.hash(password, cost),
    display_name: displayName ?? null,
    ip: origin.ip,
    user_agent: origin.userAgent,
    request_id: origin.requestId,
    now: clock.now(),
  })
  await nudge(ctx, answerRequestsTask)
}
