import type { Json } from '../../core/json.ts'
import { asPlatformError } from '../failure-scope.ts'
import type { PlatformTools } from '../platform.ts'
import type { PlatformError } from '../platform-error.ts'
import { type HelixClient, points } from './twitch.client.ts'
import { scheduleDetails } from './twitch.mapping.ts'

/** Kinds that say "not for this channel"; any other failure ends the optional calls of this run. */
const kindsOfChannel = ['not_found', 'forbidden', 'changed_shape']

/** Points left to what cannot wait: 100 are the live state of 5,000 channels. */
const keptForLiveState = 100
const keptAtOfflineTransition = 50
const recentArchives = 5
const segmentsKept = 10

/** null: this was not asked. `value` null: Twitch has none for this channel. */
type Fact<Value> = { value: Value | null } | null

/**
 * Calls that Twitch answers for one channel only: followers and schedule (once a day), archives
 * (when a stream has ended). None is needed for the live state, so none may spoil it: without room
 * in the budget, or after a failure of the credential, they are left out.
 */
export class DailyFacts {
  /** A 429: the caller is told once the live state has been handed over. */
  rateLimited: PlatformError | null = null
  #ended = false
  readonly #helix: HelixClient
  readonly #tools: PlatformTools

  constructor(helix: HelixClient, tools: PlatformTools) {
    this.#helix = helix
    this.#tools = tools
  }

  stop(): void {
    this.#ended = true
  }

  /** Everyone who follows the channel; names would need a moderator's token, the total does not. */
  followers(channelId: string): Promise<Fact<number>> {
    return this.#ask(keptForLiveState, () =>
      this.#helix.channels.getChannelFollowerCount(channelId),
    )
  }

  schedule(channelId: string): Promise<Fact<{ [key: string]: Json }>> {
    return this.#ask(keptForLiveState, async () => {
      const { data } = await this.#helix.schedule.getSchedule(channelId, { limit: segmentsKept })
      return scheduleDetails(data)
    })
  }

  /** A stream's own end: start plus length of its archive, when the channel keeps archives. */
  endOfStream(channelId: string, streamId: string): Promise<Fact<Date>> {
    return this.#ask(keptAtOfflineTransition, async () => {
      const filter = { type: 'archive', limit: recentArchives } as const
      const { data } = await this.#helix.videos.getVideosByUser(channelId, filter)
      const video = data.find((one) => one.streamId === streamId)
      const endMs = video && video.creationDate.getTime() + video.durationInSeconds * 1_000
      return endMs === undefined || Number.isNaN(endMs) ? null : new Date(endMs)
    })
  }

  async #ask<Value>(keep: number, call: () => Promise<Value | null>): Promise<Fact<Value>> {
    if (this.#ended || (await this.#tools.budget.remaining(points)) <= keep) return null
    try {
      return { value: (await call()) ?? null }
    } catch (caught) {
      const error = asPlatformError(caught)
      if (this.#tools.signal.aborted) throw error
      if (kindsOfChannel.includes(error.kind)) return { value: null }
      this.#ended = true
      if (error.kind === 'rate_limited') this.rateLimited = error
      this.#tools.log.debug({ platform: 'twitch', kind: error.kind }, 'optional calls left out')
      return null
    }
  }
}
