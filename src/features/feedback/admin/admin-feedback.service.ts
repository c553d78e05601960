import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../../../audit/audit.ts'
import type { Context } from '../../../context.ts'
import { invalidField, notFound } from '../../../core/errors.ts'
import type { Json } from '../../../core/json.ts'
import { findAdmin, findAnyFeedback, findNotes } from './admin-feedback.queries.ts'
import {
  type HandledFeedback,
  insertNote,
  lockFeedback,
  updateHandling,
} from './admin-feedback.repository.ts'
import type { AdminFeedbackChange } from './admin-feedback.schemas.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin'>

export async function getAnyFeedback(em: EntityManager, id: string) {
  const row = await findAnyFeedback(em, id)
  if (!row) throw notFound('Feedback')
  return { row, notes: await findNotes(em, id) }
}

const resolved = (status: HandledFeedback['status']) =>
  status === 'completed' || status === 'wont_fix'

/** Resolved when it first comes to an end, and no more once it is opened again. */
const resolvedAt = (before: HandledFeedback, status: HandledFeedback['status'], now: Date) =>
  resolved(status) ? (before.resolved_at ?? now) : null

/** What an admin decides. The audit log keeps what changed, and no word that anybody wrote. */
export function handleFeedback(ctx: Needs, id: string, change: AdminFeedbackChange) {
  const now = ctx.clock.now()
  return ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const before = await lockFeedback(em, id)
    if (!before) throw notFound('Feedback')
    const { status = before.status, assignedTo = before.assigned_to } = change
    const { resolution = before.resolution } = change
    if (change.assignedTo && !(await findAdmin(em, change.assignedTo))) {
      throw invalidField('/assignedTo', 'assignedTo must be the id of an administrator.')
    }
    const after: HandledFeedback = {
      status,
      assigned_to: assignedTo,
      resolution,
      resolved_at: resolvedAt(before, status, now),
    }
    await updateHandling(em, id, after, now)
    const answer = await getAnyFeedback(em, id)
    await recordAudit(
      { ...ctx, em },
      {
        action: 'feedback.updated',
        workspaceId: null,
        object: { kind: 'feedback', id },
        details: changesOf(before, after),
      },
    )
    return answer
  })
}

function changesOf(before: HandledFeedback, after: HandledFeedback): { [key: string]: Json } {
  const { status, assigned_to: assignedTo, resolution } = after
  return {
    ...(before.status !== status && { status: { from: before.status, to: status } }),
    ...(before.assigned_to !== assignedTo && { assignedTo }),
    ...(before.resolution !== resolution && { resolution: resolution ? 'written' : 'removed' }),
  }
}

/** A word between administrators: its writer never sees it. */
export function noteFeedback(ctx: Needs, authorId: string, feedbackId: string, body: string) {
  return ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    if (!(await lockFeedback(em, feedbackId))) throw notFound('Feedback')
    const noteId = await insertNote(em, { feedbackId, authorId, body }, ctx.clock.now())
    const answer = await getAnyFeedback(em, feedbackId)
    await recordAudit(
      { ...ctx, em },
      {
        action: 'feedback.updated',
        workspaceId: null,
        object: { kind: 'feedback', id: feedbackId },
        details: { note: noteId },
      },
    )
    return answer
  })
}
