import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../../../context.ts'
import { AppError, notFound } from '../../../../core/errors.ts'
import { isScorable } from '../../../sentiment/index.ts'
import { presentExcerpt } from '../excerpt.ts'
import type { MoodName } from '../texts.ts'
import { findLabel, findLabels, findScoredText, type LabelRow } from './labels.queries.ts'
import { removeLabel, writeLabel } from './labels.repository.ts'
import type { LabelsQuery, LabelView } from './labels.schemas.ts'

type Needs = Pick<Context, 'em' | 'clock'>

/** Says what a post's mood is: from now on it is this, whatever the model thinks. */
export async function labelPost(
  { em, clock }: Needs,
  { postId, label, userId }: { postId: string; label: MoodName; userId: string },
): Promise<LabelView> {
  return em.transactional(async (inner) => {
    const tx = inner as EntityManager
    const text = await findScoredText(tx, postId)
    if (text === null) throw notFound('Post')
    if (!isScorable(text)) throw new AppError('conflict', 'This post has no text to label.')
    await writeLabel(tx, { postId, label, userId, now: clock.now() })
    const written = await findLabel(tx, postId)
    if (!written) throw new Error('The label was not written.')
    return presentLabel(written)
  })
}

export async function unlabelPost({ em, clock }: Needs, postId: string): Promise<void> {
  await em.transactional(async (inner) => {
    if (!(await removeLabel(inner as EntityManager, postId, clock.now()))) throw notFound('Label')
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
