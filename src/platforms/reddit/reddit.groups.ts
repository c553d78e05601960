import type { CollectTarget } from '../platform.ts'
import type { Cursor } from './reddit.cursor.ts'

export type Look = { target: CollectTarget; cursor: Cursor | null; name: string }

/** Names in one address: Reddit refuses long ones (414). */
const pathLength = 1_500
const mostNames = 100
/** New posts that a group may be expected to have: they fit into one page of 100. */
const pageful = 80

/**
 * Communities that share a listing: together they should fill one page since the oldest cursor among
 * them, so that a busy one crowds no quiet one out. First runs go alone, each with its own history.
 */
export function listingGroups(looks: Look[], now: Date): Look[][] {
  const groups: Look[][] = []
  const byAge = [...looks].sort((a, b) => (b.cursor?.upTo ?? 0) - (a.cursor?.upTo ?? 0))
  for (const look of byAge) {
    const group = groups.at(-1)
    const joined = [...(group ?? []), look]
    if (group && fits(joined, now.getTime() / 1_000)) group.push(look)
    else groups.push([look])
  }
  return groups
}

function fits(looks: Look[], nowS: number): boolean {
  const cursors = looks.map(({ cursor }) => cursor)
  if (!cursors.every((cursor) => cursor !== null)) return false
  const oldest = Math.min(...cursors.map(({ upTo }) => upTo))
  const perDay = cursors.reduce((sum, cursor) => sum + cursor.perDay, 0)
  const days = Math.max(0, nowS - oldest) / 86_400
  return (
    looks.length <= mostNames &&
    looks.map(({ name }) => name).join('+').length <= pathLength &&
    perDay * days <= pageful
  )
}
