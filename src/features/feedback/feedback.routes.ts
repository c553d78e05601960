import { z } from 'zod'
import { IdParams } from '../../http/id.ts'
import { route } from '../../http/route.ts'
import { presentFeedback } from './feedback.presenter.ts'
import { findOwnFeedback } from './feedback.queries.ts'
import {
  FeedbackChange,
  FeedbackFilter,
  FeedbackPage,
  FeedbackView,
  NewFeedback,
} from './feedback.schemas.ts'
import {
  changeFeedback,
  deleteFeedback,
  getOwnFeedback,
  writeFeedback,
} from './feedback.service.ts'

/** About oneself, not about a workspace: whoever may look may also write. */
const common = { tag: 'Feedback', access: 'user', role: 'viewer' } as const

const create = route({
  ...common,
  method: 'post',
  path: '/api/feedback',
  summary: 'Tell the operators something: a bug, a wish, a question',
  description:
    'At most 20 in 24 hours. A screenshot follows as PUT .../screenshot or by its address.',
  body: NewFeedback,
  status: 201,
  response: FeedbackView,
  handler: async ({ ctx, actor, body }) =>
    presentFeedback(await writeFeedback(ctx, actor.userId, body)),
})

const list = route({
  ...common,
  method: 'get',
  path: '/api/feedback',
  summary: 'What you have told the operators, newest first',
  query: FeedbackFilter,
  status: 200,
  response: FeedbackPage,
  handler: async ({ ctx, actor, query }) => {
    const { items, nextCursor } = await findOwnFeedback(ctx.em, actor.userId, query)
    return { items: items.map(presentFeedback), nextCursor }
  },
})

const get = route({
  ...common,
  method: 'get',
  path: '/api/feedback/{id}',
  summary: 'One of your feedbacks, with what became of it',
  params: IdParams,
  status: 200,
  response: FeedbackView,
  handler: async ({ ctx, actor, params }) =>
    presentFeedback(await getOwnFeedback(ctx.em, actor.userId, params.id)),
})

const change = route({
  ...common,
  method: 'patch',
  path: '/api/feedback/{id}',
  summary: 'Change a feedback while it is new',
  params: IdParams,
  body: FeedbackChange,
  status: 200,
  response: FeedbackView,
  handler: async ({ ctx, actor, params, body }) =>
    presentFeedback(await changeFeedback(ctx, actor.userId, params.id, body)),
})

const remove = route({
  ...common,
  method: 'delete',
  path: '/api/feedback/{id}',
  summary: 'Take a feedback back, with its screenshot',
  params: IdParams,
  status: 204,
  response: z.void(),
  handler: ({ ctx, actor, params }) => deleteFeedback(ctx.em, actor.userId, params.id),
})

export const writerRoutes = [create, list, get, change, remove]
