import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../../../../audit/audit.ts'
import type { Context } from '../../../../context.ts'
import type { Actor } from '../../../../core/actor.ts'
import { AppError, notFound } from '../../../../core/errors.ts'
import { isScorable } from '../../../sentiment/index.ts'
import { presentExcerpt } from '../excerpt.ts'
import type { MoodName } from '../texts.ts'
import { findLabel, findLabels, findScoredText, type LabelRow } from './labels.queries.ts'
import { removeLabel, writeLabel } from './labels.repository.ts'
import type { LabelsQuery, LabelView } from './labels.schemas.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin'>
type Asker = Pick<Actor, 'workspaceId' | 'userId'>

const object = (id: string) => ({ kind: 'post', id })

/** Says what a post's mood is: from now on it is this, whatever the model thinks. */
export async function labelPost(
  ctx: Needs,
  { workspaceId, userId }: Asker,
  { postId, label }: { postId: string; label: MoodName },
): Promise<LabelView> {
  return ctx.em.transactional(async (inner) => {
    const tx = inner as EntityManager
    const text = await findScoredText(tx, postId)
    if (text === null) throw notFound('Post')
    if (!isScorable(text)) throw new AppError('conflict', 'This post has no text to label.')
    await writeLabel(tx, { postId, label, userId, now: ctx.clock.now() })
    const written = await findLabel(tx, postId)
    if (!written) throw new Error('The label was not written.')
    await recordAudit(
      { ...ctx, em: tx },
      { action: 'label.set', workspaceId, object: object(postId), details: { label } },
    )
    return presentLabel(written)
  })
}

export async function unlabelPost(
  ctx: Needs,
  { workspaceId }: Asker,
  postId: string,
): Promise<void> {
  await ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    if (!(await removeLabel(em, postId, ctx.clock.now()))) throw notFound('Label')
    await recordAudit(
      { ...ctx, em },
      { action: 'label.removed', workspaceId, object: object(postId) },
    )
  })
}

export async function listLabels({ em }: Pick<Context, 'em'>, query: LabelsQuery) {
  const { items, nextCursor } = await findLabels(em, query)
  return {
    items: items.map((row) => ({ ...presentLabel(row), post: presentExcerpt(row) })),
    nextCursor,
  }
}

const presentLabel = (row: LabelRow): LabelView => ({
  postId: row.post_id,
  label: row.label as MoodName,
  labelledBy: row.labelled_by,
  labelledAt: new Date(row.labelled_at).toISOString(),
  model:
    row.model === null || row.model_label === null
      ? null
      : {
          name: row.model,
          label: row.model_label as MoodName,
          compound: Number((row.model_compound ?? 0).toPrecision(7)),
          agrees: row.model_label === row.label,
        },
  stale: row.is_stale,
})
