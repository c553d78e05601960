import type { Json } from '../../core/json.ts'
import { fieldsBeyond } from '../answer-shape.ts'
import { batchesOf } from '../failure-scope.ts'
import type { XClient } from './twitter.client.ts'
import { prices } from './twitter.limits.ts'
import type { Problem, User, UserList } from './twitter.shapes.ts'

const usersPerCall = 100

export type Account = { user: User } | { problem: Problem | undefined }
/** Answers by lower-case name or by id, whichever was asked for. */
export type Accounts = Map<string, Account>

/** Every user in the answer costs money; names that do not exist cost nothing. */
export async function* accountsOf(
  client: XClient,
  by: 'usernames' | 'ids',
  values: string[],
): AsyncGenerator<Accounts, void> {
  const left = [...new Set(values.map((value) => value.toLowerCase()))]
  while (left.length > 0) {
    const payable = await client.affordable(prices.user, Math.min(usersPerCall, left.length))
    // Where not even one is payable, asking for one raises the budget's own error with its words.
    const batch = left.splice(0, Math.max(1, payable))
    yield accountsIn(await client.users(by, batch), by, batch)
  }
}

function accountsIn(list: UserList, by: 'usernames' | 'ids', asked: string[]): Accounts {
  const keyOf = (user: User) => (by === 'ids' ? user.id : user.username).toLowerCase()
  const users = new Map((list.data ?? []).map((user) => [keyOf(user), user]))
  const problems = new Map(
    (list.errors ?? []).map((problem) => [
      (problem.value ?? problem.resource_id ?? '').toLowerCase(),
      problem,
    ]),
  )
  return new Map(
    asked.map((value): [string, Account] => {
      const user = users.get(value)
      return [value, user ? { user } : { problem: problems.get(value) }]
    }),
  )
}

export const batchesOfAccounts = <Item>(items: Item[]) => batchesOf(items, usersPerCall)

export const detailsOf = (user: User): { [key: string]: Json } => ({
  ...fieldsBeyond(user, shown),
  username: user.username,
  name: user.name || null,
  description: user.description || null,
  location: user.location || null,
  avatarUrl: user.profile_image_url || null,
  verified: user.verified ?? null,
  verifiedType: user.verified_type || null,
  createdAt: user.created_at ?? null,
})

const shown = [
  ...['id', 'username', 'name', 'description', 'location', 'profile_image_url', 'verified'],
  ...['verified_type', 'created_at', 'public_metrics', 'protected'],
]
