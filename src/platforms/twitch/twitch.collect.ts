import type { HelixChannel } from '@twurple/api'
import type { Json } from '../../core/json.ts'
import { asPlatformError, batchesOf } from '../failure-scope.ts'
import type { Collected, CollectFailure, CollectTarget, PlatformTools } from '../platform.ts'
import { PlatformError } from '../platform-error.ts'
import { changesOf } from '../source-details.ts'
import type { HelixClient } from './twitch.client.ts'
import { type Cursor, cursorOf, cursorToJson, isDue } from './twitch.cursor.ts'
import { DailyFacts } from './twitch.daily.ts'
import { channelDetails, postOf } from './twitch.mapping.ts'
import type { Stream } from './twitch.shapes.ts'

const channelsPerCall = 100
const optionalCallsAtOnce = 4

type Look = { target: CollectTarget; cursor: Cursor; stream: Stream | null; channel: HelixChannel }
type Run = { facts: DailyFacts; now: Date }

/**
 * Two calls for 100 channels: which are live, and what all of them are called and play. What needs a
 * call of its own comes after all live states have been taken.
 */
export async function* collect(
  helix: HelixClient,
  tools: PlatformTools,
  targets: CollectTarget[],
): AsyncGenerator<Collected | CollectFailure, void> {
  const run: Run = { facts: new DailyFacts(helix, tools), now: tools.clock.now() }
  const waiting: Look[] = []
  const failure = yield* liveStates(helix, run, targets, waiting)
  if (failure) run.facts.stop()
  for (const group of batchesOf(waiting, optionalCallsAtOnce)) {
    yield* await Promise.all(group.map((look) => withMore(look, run)))
  }
  const stopped = failure ?? run.facts.rateLimited
  if (stopped) throw stopped
}

/** Hands over what is complete, puts the rest into `waiting`; returns what ended it early. */
async function* liveStates(
  helix: HelixClient,
  { now }: Run,
  targets: CollectTarget[],
  waiting: Look[],
): AsyncGenerator<Collected | CollectFailure, PlatformError | null> {
  for (const batch of batchesOf(targets, channelsPerCall)) {
    const looks = await lookAt(helix, batch).catch(asPlatformError)
    if (looks instanceof PlatformError) return looks
    for (const look of looks) {
      if ('error' in look) yield look
      else if (needsMore(look, now)) waiting.push(look)
      else yield collectedOf(look, now)
    }
  }
  return null
}

/** A changed shape is the trouble of these channels; any other failure is that of the credential. */
async function lookAt(
  helix: HelixClient,
  targets: CollectTarget[],
): Promise<(Look | CollectFailure)[]> {
  const ids = [...new Set(targets.map((target) => target.externalId))]
  try {
    const streams = new Map((await helix.streamsOf(ids)).map((one) => [one.user_id, one]))
    const channels = new Map(
      (await helix.channels.getChannelInfoByIds(ids)).map((one) => [one.id, one]),
    )
    return targets.map((target) => {
      const { ref, externalId } = target
      const channel = channels.get(externalId)
      if (!channel) return { ref, error: channelGone() }
      const stream = streams.get(externalId) ?? null
      return { target, cursor: cursorOf(target), stream, channel }
    })
  } catch (caught) {
    const error = asPlatformError(caught)
    if (error.kind !== 'changed_shape') throw error
    return targets.map(({ ref }) => ({ ref, error }))
  }
}

const channelGone = () =>
  new PlatformError('twitch', 'not_found', 'Twitch lists this channel no more', {
    sourceOnly: true,
  })

const endedOf = ({ cursor, stream }: Look) =>
  cursor.stream && cursor.stream.id !== stream?.id ? cursor.stream : null

const needsMore = (look: Look, now: Date): boolean =>
  endedOf(look) !== null ||
  isDue(look.cursor.followersAt, now) ||
  isDue(look.cursor.scheduleAt, now)

/** The live state alone. */
function collectedOf(look: Look, now: Date): Collected {
  const { target, cursor, stream } = look
  const startedAt = stream && startOf(stream, cursor, now)
  return {
    ref: target.ref,
    posts: stream && startedAt ? [postOf(stream, startedAt)] : [],
    cursor: cursorToJson({
      ...cursor,
      stream: stream && startedAt && { id: stream.id, startedAt: startedAt.toISOString() },
    }),
    statistics: {
      followers: null,
      totalViews: null,
      totalPosts: null,
      online: stream?.viewer_count ?? null,
      isLive: stream !== null,
    },
    details: changesOf(target.details, channelDetails(look.channel)),
    complete: true,
    endedStreams: [],
  }
}

/** The live state with what cost calls of its own: the end of a stream, followers, schedule. */
async function withMore(look: Look, { facts, now }: Run): Promise<Collected> {
  const base = collectedOf(look, now)
  const { externalId, details: known } = look.target
  const cursor = { ...look.cursor }
  const ended = endedOf(look)
  const end = ended && (await facts.endOfStream(externalId, ended.id))
  const followers = isDue(cursor.followersAt, now) ? await facts.followers(externalId) : null
  const schedule = isDue(cursor.scheduleAt, now) ? await facts.schedule(externalId) : null
  if (followers) cursor.followersAt = now.toISOString()
  if (schedule) cursor.scheduleAt = now.toISOString()
  const changed = schedule ? changesOf(known, { schedule: schedule.value }) : null
  return {
    ...base,
    cursor: { ...(base.cursor as { [key: string]: Json }), ...timesOf(cursor) },
    statistics: base.statistics && { ...base.statistics, followers: followers?.value ?? null },
    details: base.details || changed ? { ...base.details, ...changed } : null,
    endedStreams: ended
      ? [{ externalId: ended.id, endedAt: endWithin(end?.value ?? now, ended.startedAt, now) }]
      : [],
  }
}

const timesOf = ({ followersAt, scheduleAt }: Cursor) => ({ followersAt, scheduleAt })

/** An archive cannot end after we saw the channel offline, nor before the stream began. */
const endWithin = (end: Date, startedAt: string, now: Date) =>
  new Date(Math.max(Date.parse(startedAt), Math.min(end.getTime(), now.getTime())))

/** Twitch leaves started_at empty at times: then the first moment we saw this stream stands. */
function startOf(stream: Stream, cursor: Cursor, now: Date): Date {
  const said = new Date(stream.started_at || Number.NaN)
  if (!Number.isNaN(said.getTime())) return said
  return cursor.stream?.id === stream.id ? new Date(cursor.stream.startedAt) : now
}
