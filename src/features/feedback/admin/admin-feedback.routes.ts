import { IdParams } from '../../../http/id.ts'
import { route } from '../../../http/route.ts'
import { presentAdminFeedback, presentDetail } from './admin-feedback.presenter.ts'
import { findAllFeedback } from './admin-feedback.queries.ts'
import {
  AdminFeedbackChange,
  AdminFeedbackDetail,
  AdminFeedbackFilter,
  AdminFeedbackPage,
  NewFeedbackNote,
} from './admin-feedback.schemas.ts'
import { getAnyFeedback, handleFeedback, noteFeedback } from './admin-feedback.service.ts'

/** An administrator's API token is no administrator: a lost script would be one too. */
const common = { tag: 'Feedback', access: 'admin', role: 'viewer', scope: 'session' } as const

const list = route({
  ...common,
  method: 'get',
  path: '/api/admin/feedback',
  summary: "Everybody's feedback, for administrators",
  query: AdminFeedbackFilter,
  status: 200,
  response: AdminFeedbackPage,
  handler: async ({ ctx, query }) => {
    const { items, nextCursor } = await findAllFeedback(ctx.em, query)
    return { items: items.map(presentAdminFeedback), nextCursor }
  },
})

const get = route({
  ...common,
  method: 'get',
  path: '/api/admin/feedback/{id}',
  summary: 'One feedback with the notes of administrators',
  params: IdParams,
  status: 200,
  response: AdminFeedbackDetail,
  handler: async ({ ctx, params }) => presentDetail(await getAnyFeedback(ctx.em, params.id)),
})

const change = route({
  ...common,
  method: 'patch',
  path: '/api/admin/feedback/{id}',
  summary: 'Move a feedback on: its status, who sees to it, what became of it',
  params: IdParams,
  body: AdminFeedbackChange,
  status: 200,
  response: AdminFeedbackDetail,
  handler: async ({ ctx, params, body }) =>
    presentDetail(await handleFeedback(ctx, params.id, body)),
})

const note = route({
  ...common,
  method: 'post',
  path: '/api/admin/feedback/{id}/notes',
  summary: 'Write a note that only administrators see',
  params: IdParams,
  body: NewFeedbackNote,
  status: 201,
  response: AdminFeedbackDetail,
  handler: async ({ ctx, actor, params, body }) =>
    presentDetail(await noteFeedback(ctx, actor.userId, params.id, body.body)),
})

export const adminFeedbackRoutes = [list, get, change, note]
