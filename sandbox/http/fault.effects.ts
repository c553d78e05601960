import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../control/faults.store.ts'
import { type Answer, htmlAnswer } from './answer.ts'
import type { PlatformApi } from './platform-api.ts'

/** How an answer leaves: whole, cut in the middle, never, or with the connection torn. */
type Delivery = 'whole' | 'truncated' | 'hang' | 'reset'
export type Outcome = { answer: Answer; delivery: Delivery }

/** What a fault makes of a call. `answer` is asked only when the call is let through. */
export async function applyFault(
  api: PlatformApi,
  fault: Fault | null,
  answer: () => Promise<Answer>,
): Promise<Outcome> {
  if (!fault) return whole(await answer())
  switch (fault.kind) {
    case 'slow':
      await sleep(fault.delayMs)
      return whole(await answer())
    case 'truncated':
      return { answer: await answer(), delivery: 'truncated' }
    case 'changed_shape':
      return whole(reshape(await answer()))
    case 'hang':
    case 'reset':
      return { answer: htmlAnswer(200, '', ''), delivery: fault.kind }
    default:
      return whole(api.errorAnswer(fault.kind, fault.retryAfterS))
  }
}

const whole = (answer: Answer): Outcome => ({ answer, delivery: 'whole' })

const renamed: Record<string, string> = {
  data: 'results',
  items: 'results',
  id: 'uid',
  children: 'entries',
  access_token: 'token',
  errors: 'problems',
}

/** Valid JSON that no longer is what was promised: the names that every reader needs are new. */
function reshape(answer: Answer): Answer {
  if (!answer.headers['content-type']?.includes('json')) return answer
  const body = JSON.stringify(JSON.parse(answer.body), (_, value: unknown) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value).map(([name, each]) => [renamed[name] ?? name, each]),
        )
      : value,
  )
  return { ...answer, body }
}
