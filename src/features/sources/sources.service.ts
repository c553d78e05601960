import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import { invalidField, notFound } from '../../core/errors.ts'
import type { Platform, SourceProfile } from '../../platforms/platform.ts'
import { type CredentialProfile, openProfile, platformOf } from '../credentials/index.ts'
import { forgetThreads, planThreads } from '../posts/index.ts'
import { noteDataChange } from '../rollups/index.ts'
import { SourceEntity } from './source.entity.ts'
import { findSourcesByExternalIds, type SourceRow } from './sources.queries.ts'
import { insertSources, type NewSources, updateSource } from './sources.repository.ts'
import type { ChangeSource } from './sources.schemas.ts'

export type ResolvedHandle =
  | { input: string; outcome: 'invalid' | 'not_found'; detail: string }
  | { input: string; outcome: 'found'; found: SourceProfile }

/**
 * Asks the platform for many handles in as few calls as it allows. Nothing is written; what a
 * platform refuses as a whole (a bad key, no budget) is thrown.
 */
export async function resolveHandles(
  ctx: Context,
  profile: CredentialProfile,
  inputs: string[],
): Promise<ResolvedHandle[]> {
  const platform = platformOf(ctx, profile.platform)
  const parsed = inputs.map((input) => ({ input, handle: platform.handle.parse(input) }))
  const handles = [...new Set(parsed.flatMap(({ handle }) => (handle === null ? [] : [handle])))]

  const answers = new Map<string, { found: SourceProfile } | { found: null; reason: string }>()
  if (handles.length > 0) {
    const open = await openProfile(ctx, profile, 'resolve')
    for await (const batch of open.resolve(handles)) {
      for (const answer of batch) answers.set(answer.input, answer)
    }
  }
  return parsed.map(({ input, handle }): ResolvedHandle => {
    if (handle === null) {
      const detail = `'${input}' is not a ${platform.name} ${platform.sourceKind}; try something like ${platform.handle.example}`
      return { input, outcome: 'invalid', detail }
    }
    const answer = answers.get(handle)
    if (answer?.found) return { input, outcome: 'found', found: answer.found }
    const detail = answer?.reason ?? `${platform.name} gave no answer for '${handle}'`
    return { input, outcome: 'not_found', detail }
  })
}

export type StoredSource = { row: SourceRow; created: boolean }

/** Writes what was resolved, once each; gives every source by its external id. */
export async function storeSources(
  em: EntityManager,
  owner: NewSources,
  found: SourceProfile[],
  now: Date,
): Promise<Map<string, StoredSource>> {
  const distinct = [...new Map(found.map((source) => [source.externalId, source])).values()]
  if (distinct.length === 0) return new Map()
  const created = await insertSources(em, owner, distinct, now)
  const createdIds = new Set(created.map((row) => row.id))
  const all = await findSourcesByExternalIds(
    em,
    owner.platform,
    distinct.map((source) => source.externalId),
  )
  return new Map(all.map((row) => [row.external_id, { row, created: createdIds.has(row.id) }]))
}

export async function getSource(em: EntityManager, id: string) {
  const source = await em.transactional((inner) => inner.findOne(SourceEntity, { id }))
  if (!source) throw notFound('Source')
  return source
}

/** Comments can be collected only where the platform hands them over. */
export function assertCommented(platform: Platform, pointer: string): readonly string[] {
  if (platform.commentedKinds) return platform.commentedKinds
  throw invalidField(pointer, `${platform.name} has no comments that could be collected`)
}

/**
 * Switches the collection of comments on, for the posts of the last 30 days as well, or off; says in
 * which time zone a source's audience lives.
 */
export async function changeSource(
  ctx: Pick<Context, 'em' | 'clock' | 'origin' | 'platforms'>,
  workspaceId: string,
  id: string,
  change: ChangeSource,
): Promise<SourceRow> {
  return ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const { collectsComments, audienceZone } = change
    const changed = await updateSource(em, id, change)
    if (!changed) throw notFound('Source')
    if (collectsComments) {
      const kinds = assertCommented(platformOf(ctx, changed.platform), '/collectsComments')
      await planThreads(em, id, kinds, ctx.clock.now())
    } else if (collectsComments === false) {
      await forgetThreads(em, id)
    }
    const object = { kind: 'source', id }
    const told = {
      ...(collectsComments !== undefined && { collectsComments }),
      ...(audienceZone !== undefined && { audienceZone }),
    }
    await recordAudit(
      { ...ctx, em },
      { action: 'source.updated', workspaceId, object, details: told },
    )
    await noteDataChange(em, workspaceId)
    return changed
  })
}

/** Removes a source with its job, posts and samples. */
export async function deleteSource(
  ctx: Pick<Context, 'em' | 'clock' | 'origin'>,
  workspaceId: string,
  id: string,
): Promise<void> {
  await ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    if ((await em.nativeDelete(SourceEntity, { id })) === 0) throw notFound('Source')
    const object = { kind: 'source', id }
    await recordAudit({ ...ctx, em }, { action: 'source.deleted', workspaceId, object })
    await noteDataChange(em, workspaceId)
  })
}
