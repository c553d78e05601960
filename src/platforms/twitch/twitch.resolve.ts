import type { HelixUser } from '@twurple/api'
import { batchesOf } from '../failure-scope.ts'
import type { Resolution, SourceProfile } from '../platform.ts'
import type { HelixClient } from './twitch.client.ts'
import { mayBeId, parseHandle } from './twitch.handle.ts'

const usersPerCall = 100
const notAName = "This is neither a Twitch name, a channel's address nor an id"
const notThere = 'Twitch knows no channel of this name'

/** 100 names a call. One malformed name would make Twitch refuse all 100: those are not asked for. */
export async function* resolve(
  helix: HelixClient,
  inputs: string[],
): AsyncGenerator<Resolution[], void> {
  for (const batch of batchesOf(inputs, usersPerCall)) {
    const handles = [...new Set(batch.flatMap((input) => parseHandle(input) ?? []))]
    const users = await usersOf(helix, handles)
    yield batch.map((input): Resolution => {
      const handle = parseHandle(input)
      const user = handle === null ? undefined : users.get(handle)
      if (user) return { input, found: profileOf(user) }
      return { input, found: null, reason: handle === null ? notAName : notThere }
    })
  }
}

/** By handle: digits are asked for as an id first, and as a name when no channel has that id. */
async function usersOf(helix: HelixClient, handles: string[]): Promise<Map<string, HelixUser>> {
  const found = new Map<string, HelixUser>()
  const ids = handles.filter(mayBeId)
  if (ids.length > 0) {
    for (const user of await helix.users.getUsersByIds(ids)) found.set(user.id, user)
  }
  const names = handles.filter((handle) => !found.has(handle))
  if (names.length > 0) {
    for (const user of await helix.users.getUsersByNames(names)) {
      found.set(user.name.toLowerCase(), user)
    }
  }
  return found
}

function profileOf(user: HelixUser): SourceProfile {
  return {
    externalId: user.id,
    handle: user.name,
    title: user.displayName || user.name,
    url: `https://www.twitch.tv/${user.name}`,
    details: {
      description: user.description || null,
      avatarUrl: user.profilePictureUrl || null,
      broadcasterType: user.broadcasterType || null,
      createdAt: isoOf(user.creationDate),
    },
    // No call answers followers for more than one channel: `collect` asks once a day.
    statistics: null,
  }
}

const isoOf = (date: Date) => (Number.isNaN(date.getTime()) ? null : date.toISOString())
