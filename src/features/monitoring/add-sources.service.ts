import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import { assertFits, getProfile, platformOf } from '../credentials/index.ts'
import { noteDataChange } from '../rollups/index.ts'
import {
  type AddedSource,
  type AddSources,
  assertCommented,
  presentSource,
  resolveHandles,
  storeSources,
} from '../sources/index.ts'
import { nudgeProfile } from './dispatch.service.ts'
import { intervalFor } from './intervals.ts'
import { insertJobs } from './jobs.service.ts'

type Answered = Awaited<ReturnType<typeof resolveHandles>>[number]

/**
 * Adds one or hundreds of sources: each input answers for itself, and what can be added is added.
 * With `watch`, a job is started for each that has none; where those would not fit the profile's
 * budget, nothing at all is written.
 */
export async function addSources(ctx: Context, input: AddSources): Promise<AddedSource[]> {
  const profile = await getProfile(ctx.em, input.profileId)
  const platform = platformOf(ctx, profile.platform)
  const interval =
    input.watch && intervalFor(ctx, platform, input.watch.intervalMinutes, '/watch/intervalMinutes')
  const collectsComments = input.watch?.comments ?? false
  if (collectsComments) assertCommented(platform, '/watch/comments')
  const resolved = await resolveHandles(ctx, profile, input.handles)
  const found = resolved.flatMap((row) => (row.outcome === 'found' ? [row.found] : []))
  if (interval !== undefined && found.length > 0) {
    const distinct = new Set(found.map((source) => source.externalId)).size
    await assertFits(ctx, profile, distinct, interval)
  }
  const owner = {
    workspaceId: profile.workspaceId,
    profileId: profile.id,
    platform: profile.platform,
  }
  const now = ctx.clock.now()
  const { stored, jobs } = await ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const stored = await storeSources(em, { ...owner, collectsComments }, found, now)
    const ours = [...stored.values()].filter(({ row }) => row.profile_id === profile.id)
    const jobs =
      interval === undefined
        ? new Map<string, string>()
        : await insertJobs(
            em,
            owner,
            ours.map(({ row }) => row.id),
            interval,
            now,
          )
    const created = [...stored.values()].filter((source) => source.created).length
    if (created > 0 || jobs.size > 0) {
      await recordAudit(
        { ...ctx, em },
        {
          action: 'source.created',
          workspaceId: profile.workspaceId,
          object: { kind: 'profile', id: profile.id },
          details: { platform: profile.platform, sources: created, jobs: jobs.size },
        },
      )
      await noteDataChange(em, profile.workspaceId)
    }
    return { stored, jobs }
  })
  if (jobs.size > 0) await nudgeProfile(ctx, profile.workspaceId, profile.id)
  return answers(resolved, stored, jobs)
}

function answers(
  resolved: Answered[],
  stored: Awaited<ReturnType<typeof storeSources>>,
  jobs: Map<string, string>,
): AddedSource[] {
  const told = new Set<string>()
  return resolved.map((row): AddedSource => {
    if (row.outcome !== 'found') return { ...row, source: null, jobId: null }
    const one = stored.get(row.found.externalId)
    if (!one) {
      const detail = 'It was removed by somebody else in the same moment'
      return { input: row.input, outcome: 'not_found', detail, source: null, jobId: null }
    }
    const first = one.created && !told.has(one.row.id)
    told.add(one.row.id)
    return {
      input: row.input,
      outcome: first ? 'created' : 'exists',
      detail: first ? null : `${one.row.handle} is already among this workspace's sources`,
      source: presentSource(one.row),
      jobId: jobs.get(one.row.id) ?? null,
    }
  })
}
