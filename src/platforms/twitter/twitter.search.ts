import type { CollectTarget } from '../platform.ts'
import { isNewer, timeOf } from './snowflake.ts'
import type { Cursor } from './twitter.cursor.ts'
import { isUsername } from './twitter.handle.ts'

/** One account in a run: what is known of it and what it is called today. */
export type Look = { target: CollectTarget; cursor: Cursor; handle: string; renamed: boolean }
export type SearchGroup = { looks: Look[]; sinceId: string; query: string }

const queryLength = 512
/** X searches the last 7 days and refuses a since_id from before them. */
const searchableMs = 6.5 * 86_400_000
/**
 * Accounts share a search when their cursors lie this close: each but the oldest pays again for
 * posts in between. Accounts that have shared one have the same cursor from then on.
 */
const nearMs = 15 * 60_000

export const isSearchable = ({ cursor, handle, renamed }: Look, now: Date): boolean =>
  cursor.sinceId !== null &&
  !cursor.backlog &&
  !renamed &&
  isUsername(handle) &&
  now.getTime() - timeOf(cursor.sinceId) < searchableMs

/** `from:a OR from:b ...`, as many accounts as fit; newest cursors first. */
export function searchGroups(looks: Look[]): SearchGroup[] {
  const groups: SearchGroup[] = []
  for (const look of [...looks].sort(newestFirst)) {
    const sinceId = look.cursor.sinceId ?? '0'
    const group = groups.at(-1)
    const query = group ? `${group.query} OR from:${look.handle}` : ''
    if (group && query.length <= queryLength && isNear(group, sinceId)) {
      Object.assign(group, { looks: [...group.looks, look], sinceId, query })
    } else {
      groups.push({ looks: [look], sinceId, query: `from:${look.handle}` })
    }
  }
  return groups
}

/** The newest of the group is its first look, the oldest the one that comes now. */
const isNear = (group: SearchGroup, sinceId: string) =>
  timeOf(group.looks[0]?.cursor.sinceId ?? sinceId) - timeOf(sinceId) <= nearMs

function newestFirst(a: Look, b: Look): number {
  const [one, two] = [a.cursor.sinceId ?? '0', b.cursor.sinceId ?? '0']
  if (one === two) return a.handle < b.handle ? -1 : 1
  return isNewer(one, two) ? -1 : 1
}
