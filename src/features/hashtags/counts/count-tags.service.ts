import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../../context.ts'
import { forWorkspace } from '../../../database/database.ts'
import { firstHourKept, hoursKept, readBuckets } from './buckets.queries.ts'
import {
  lockCounting,
  noteHours,
  noteVersion,
  recountHours,
  takeHours,
  workspacesToRecount,
} from './recount.repository.ts'
import { keptMs, keptVersion, writeBuckets } from './redis-counters.ts'
import { countState } from './tag-counts.queries.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'hints' | 'signal'>

const hoursAtOnce = 24
/** Of one workspace in one run: the others and the other tasks wait meanwhile. */
const mostBatches = 50

/** Counts the hours whose tags changed, workspace by workspace. Returns how many. */
export async function countChangedTags(ctx: Needs): Promise<number> {
  let counted = 0
  for (const workspaceId of await workspacesToRecount(ctx.em)) {
    counted += await countWorkspaceTags(ctx, workspaceId)
  }
  return counted
}

/** Counts the hours of one workspace that wait. Safe at the same time and again. */
export async function countWorkspaceTags(
  ctx: Needs,
  workspaceId: string,
  most = mostBatches,
  onHours: (counted: number) => void = () => {},
): Promise<number> {
  let counted = 0
  for (let batch = 0; batch < most && !ctx.signal.aborted; batch++) {
    const hours = await countSome(ctx, workspaceId)
    if (hours === 0) break
    counted += hours
    onHours(counted)
  }
  return counted
}

/**
 * In one transaction: the hours no longer wait, their sums are right, Redis has them, and both bear a
 * new version. Whatever fails leaves Redis with a version that PostgreSQL does not know.
 */
const countSome = (ctx: Needs, workspaceId: string): Promise<number> =>
  forWorkspace(ctx.em, workspaceId).transactional(async (inner) => {
    const em = inner as EntityManager
    if (!(await lockCounting(em, workspaceId))) return 0
    const hours = await takeHours(em, hoursAtOnce)
    if (hours.length === 0) return 0
    await recountHours(em, workspaceId, hours)
    const version = randomUUID()
    const now = ctx.clock.now()
    const before = await noteVersion(em, { workspaceId, version, now })
    if (ctx.hints.configured) await follow(ctx, em, { workspaceId, version, before, hours })
    return hours.length
  })

type Change = { workspaceId: string; version: string; before: string | null; hours: Date[] }

/** Brings Redis to the new version: by what changed, or as a whole where it holds another one. */
async function follow({ hints, clock }: Needs, em: EntityManager, change: Change) {
  const { workspaceId, version, before, hours } = change
  const now = clock.now()
  const reached = hours.filter((hour) => hour >= firstHourKept(now, keptMs))
  if (before !== null) {
    const written = { workspaceId, now, buckets: await readBuckets(em, reached) }
    if (await writeBuckets(hints, written, { version, onTopOf: before })) return
  }
  await refill({ hints, clock }, em, { workspaceId, version })
}

async function refill(
  { hints, clock }: Pick<Needs, 'hints' | 'clock'>,
  em: EntityManager,
  { workspaceId, version }: { workspaceId: string; version: string },
): Promise<boolean> {
  const now = clock.now()
  const buckets = await readBuckets(em, await hoursKept(em, now, keptMs))
  return writeBuckets(hints, { workspaceId, now, buckets }, { version, onTopOf: null })
}

/** Fills Redis again where it does not hold what PostgreSQL knows: it was away, or was emptied. */
export const mendCounters = (
  { em, hints, clock }: Needs,
  workspaceId: string,
): Promise<'right' | 'filled' | 'away'> =>
  forWorkspace(em, workspaceId).transactional(async (inner) => {
    const tx = inner as EntityManager
    const { version } = await countState(tx, clock.now().getTime())
    if (version === null || (await keptVersion(hints, workspaceId)) === version) return 'right'
    if (!(await lockCounting(tx, workspaceId))) return 'right'
    const current = await countState(tx, clock.now().getTime())
    if (current.version === null) return 'right'
    const filled = await refill({ hints, clock }, tx, { workspaceId, version: current.version })
    return filled ? 'filled' : 'away'
  })

/** Counts the last so many minutes anew from the posts, whatever was counted before. */
export async function syncTags(
  ctx: Needs,
  { workspaceId, minutes }: { workspaceId: string; minutes: number },
  onHours: (counted: number, all: number) => void = () => {},
): Promise<{ hours: number }> {
  const to = ctx.clock.now()
  const from = new Date(to.getTime() - minutes * 60_000)
  const all = await forWorkspace(ctx.em, workspaceId).transactional((em) =>
    noteHours(em as EntityManager, { workspaceId, from, to }),
  )
  onHours(0, all)
  const hours = await countWorkspaceTags(ctx, workspaceId, Number.POSITIVE_INFINITY, (counted) =>
    onHours(counted, all),
  )
  if (ctx.hints.configured) await mendCounters(ctx, workspaceId)
  return { hours }
}
