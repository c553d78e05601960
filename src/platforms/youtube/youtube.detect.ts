import { onlyChangedShape } from '../failure-scope.ts'
import type { CollectFailure, CollectTarget } from '../platform.ts'
import { PlatformError } from '../platform-error.ts'
import { channelsBy } from './youtube.calls.ts'
import type { YoutubeClient } from './youtube.client.ts'
import { type Cursor, cursorOf } from './youtube.cursor.ts'
import { statisticsOf } from './youtube.mapping.ts'
import type { Channel } from './youtube.shapes.ts'
import type { Uploads } from './youtube.uploads.ts'

/** videoCount lags behind the uploads, nobody says by how much: so they are looked at anyway. */
const sweepEveryMs = 12 * 3_600_000

export type Look = { target: CollectTarget; channel: Channel; cursor: Cursor | null }

/** 50 channels, one unit: what they are called, their numbers, where their uploads are. */
export async function lookAt(
  client: YoutubeClient,
  targets: CollectTarget[],
): Promise<(Look | CollectFailure)[]> {
  const id = [...new Set(targets.map((target) => target.externalId))]
  const channels = await channelsBy(client, { id }).catch(onlyChangedShape)
  if (channels instanceof PlatformError) return targets.map(({ ref }) => ({ ref, error: channels }))
  const byId = new Map(channels.map((channel) => [channel.id, channel]))
  return targets.map((target) => {
    const channel = byId.get(target.externalId)
    return channel
      ? { target, channel, cursor: cursorOf(target.cursor) }
      : { ref: target.ref, error: channelGone() }
  })
}

const channelGone = () =>
  new PlatformError('youtube', 'not_found', 'YouTube lists this channel no more', {
    sourceOnly: true,
  })

/** Whether the uploads may hold something that the last look did not see. */
export function isDue({ cursor, channel }: Look, now: Date): boolean {
  if (cursor === null || isSwept(cursor, now)) return true
  const count = statisticsOf(channel).totalPosts
  return count === null || count !== cursor.videoCount
}

const isSwept = (cursor: Cursor, now: Date) =>
  now.getTime() - Date.parse(cursor.sweptAt) >= sweepEveryMs

/**
 * What YouTube lists but does not describe yet is not noted down as known, nor a count that rose
 * while nothing new was described: the next look asks again.
 */
export function nextCursor(
  { cursor, channel }: Look,
  uploads: Uploads,
  described: Set<string>,
  now: Date,
): Cursor {
  const count = statisticsOf(channel).totalPosts
  const sweep = cursor === null || isSwept(cursor, now)
  const rose = count !== null && cursor !== null && count > (cursor.videoCount ?? 0)
  const lags = rose && !sweep && described.size === 0
  const known = new Set([...(cursor?.knownIds ?? []), ...described])
  // A list that is empty for once must not make all its videos new again.
  const isEmpty = cursor !== null && uploads.knownIds.length === 0
  return {
    videoCount: lags ? cursor.videoCount : count,
    knownIds: isEmpty ? cursor.knownIds : uploads.knownIds.filter((id) => known.has(id)),
    floor: isEmpty ? cursor.floor : uploads.floor,
    sweptAt: sweep ? now.toISOString() : cursor.sweptAt,
  }
}
