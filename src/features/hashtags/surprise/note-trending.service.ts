import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../../context.ts'
import { forWorkspace } from '../../../database/database.ts'
import { addToOutbox } from '../../../live/outbox.ts'
import { mendCounters } from '../counts/count-tags.service.ts'
import { minuteMs } from '../counts/period.ts'
import { workspacesCountedSince } from '../counts/recount.repository.ts'
import { endEpisodes, noteEpisodes } from './episodes.repository.ts'
import type { Surprise } from './listed.ts'
import { findSurprises } from './surprise.service.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'hints' | 'signal'>

const mostListed = 100
/** A tag that comes back to the list within this is still the same episode. */
const restMs = 60 * minuteMs
/** Nothing new came to the others since, so nothing can enter their lists. */
const lookBackMs = 75 * minuteMs

/**
 * Notes which tags entered the list of surprises, and tells each once an episode. Also fills Redis
 * again where it lost its counters. Returns how many episodes began.
 */
export async function noteTrending(ctx: Needs): Promise<number> {
  let began = 0
  const since = new Date(ctx.clock.now().getTime() - lookBackMs)
  for (const workspaceId of await workspacesCountedSince(ctx.em, since)) {
    if (ctx.signal.aborted) break
    began += await noteWorkspaceTrends(ctx, workspaceId)
    if (ctx.hints.configured) await mendCounters(ctx, workspaceId)
  }
  return began
}

const noteWorkspaceTrends = (ctx: Needs, workspaceId: string): Promise<number> =>
  forWorkspace(ctx.em, workspaceId).transactional(async (inner) => {
    const em = inner as EntityManager
    const now = ctx.clock.now()
    const { listed } = await findSurprises({ em, clock: ctx.clock }, { k: mostListed, zone: 'UTC' })
    await endEpisodes(em, new Date(now.getTime() - restMs))
    if (listed.length === 0) return 0
    const began = await noteEpisodes(em, workspaceId, { listed, now })
    for (const one of listed.filter(({ hashtag }) => began.has(hashtag))) {
      await addToOutbox(em, workspaceId, eventOf(one, now), now)
    }
    return began.size
  })

const eventOf = (one: Surprise, now: Date) => ({
  topic: 'hashtag.trending',
  payload: {
    hashtag: one.hashtag,
    count: one.count,
    authors: one.authors,
    expected: one.expected,
    z: one.z,
    windowMinutes: one.windowMinutes,
    why: one.why,
    since: now.toISOString(),
  },
})
