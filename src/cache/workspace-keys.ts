import { type Hints, unanswered } from './hints.ts'

/**
 * What the keys begin with under which Redis keeps something of a workspace. All of them stand in one
 * form, so that a workspace that ends can be forgotten by it, whoever wrote them.
 */
export const workspaceKeys = (what: string, workspaceId: string) =>
  `earshot:${what}:{${workspaceId}}:`

const keysAtOnce = 1_000

/**
 * Drops all that Redis keeps of these workspaces, whose rows are gone already. Where Redis is away it
 * is left there: nobody can ask for it any more, and each key ends by itself in at most 30 days.
 */
export async function forgetWorkspaceKeys(
  hints: Hints,
  workspaceIds: readonly string[],
): Promise<void> {
  for (const id of hints.configured ? workspaceIds : []) {
    let cursor: string | null = '0'
    do cursor = await forgetSome(hints, workspaceKeys('*', id), cursor)
    while (cursor !== null && cursor !== '0')
  }
}

/** One step through the keys. null: Redis is away. */
async function forgetSome(hints: Hints, prefix: string, cursor: string): Promise<string | null> {
  const step = await hints.ask(async (redis) => {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', keysAtOnce)
    if (keys.length > 0) await redis.unlink(...keys)
    return next
  })
  return step === unanswered ? null : step
}
