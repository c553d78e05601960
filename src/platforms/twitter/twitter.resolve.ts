import type { Resolution, SourceProfile } from '../platform.ts'
import { type Account, accountsOf, batchesOfAccounts, detailsOf } from './twitter.accounts.ts'
import type { XClient } from './twitter.client.ts'
import { protectedAccount, reasonOf } from './twitter.errors.ts'
import { isId, nameOf, parseHandle } from './twitter.handle.ts'
import { statisticsOf } from './twitter.mapping.ts'
import type { User } from './twitter.shapes.ts'

const notAName = "This is neither an X name, an account's address nor an id"

/** 100 accounts a call and $0.010 each; an id that no account has is tried as a name. */
export async function* resolve(
  client: XClient,
  inputs: string[],
): AsyncGenerator<Resolution[], void> {
  for (const batch of batchesOfAccounts(inputs)) {
    const handles = batch.flatMap((input) => parseHandle(input) ?? [])
    const found = await lookUp(client, 'ids', handles.filter(isId))
    const names = handles.filter((handle) => !('user' in (found.get(handle) ?? {})))
    const byName = await lookUp(client, 'usernames', names.map(nameOf))
    yield batch.map((input) => {
      const handle = parseHandle(input)
      if (handle === null) return { input, found: null, reason: notAName }
      const name = byName.get(nameOf(handle).toLowerCase())
      return resolutionOf(input, name ?? found.get(handle))
    })
  }
}

async function lookUp(client: XClient, by: 'usernames' | 'ids', values: string[]) {
  const all = new Map<string, Account>()
  for await (const some of accountsOf(client, by, values)) {
    for (const [key, account] of some) all.set(key, account)
  }
  return all
}

function resolutionOf(input: string, account: Account | undefined): Resolution {
  if (!account || !('user' in account)) {
    return { input, found: null, reason: reasonOf(account?.problem) }
  }
  if (account.user.protected) return { input, found: null, reason: protectedAccount }
  return { input, found: profileOf(account.user) }
}

const profileOf = (user: User): SourceProfile => ({
  externalId: user.id,
  handle: user.username,
  title: user.name || user.username,
  url: `https://x.com/${user.username}`,
  details: detailsOf(user),
  statistics: statisticsOf(user),
})
