import { z } from 'zod'
import { IdParams } from '../../../../http/id.ts'
import { route } from '../../../../http/route.ts'
import { LabelBody, LabelPage, LabelsQuery, LabelView } from './labels.schemas.ts'
import { labelPost, listLabels, unlabelPost } from './labels.service.ts'

const tag = 'Analytics'

const put = route({
  method: 'put',
  path: '/api/posts/{id}/sentiment-label',
  tag,
  summary: 'Say what the mood of a post is',
  description:
    'The label wins over the model in every figure, and stays when the text is changed later: it is ' +
    'then called stale, because the person read another text. What the model thinks is kept beside it.',
  access: 'user',
  params: IdParams,
  body: LabelBody,
  status: 200,
  response: LabelView,
  handler: ({ ctx, actor, params, body }) =>
    labelPost(ctx, actor, { postId: params.id, label: body.label }),
})

const remove = route({
  method: 'delete',
  path: '/api/posts/{id}/sentiment-label',
  tag,
  summary: 'Take a label away; the mood is the model’s again',
  access: 'user',
  params: IdParams,
  status: 204,
  response: z.void(),
  handler: ({ ctx, actor, params }) => unlabelPost(ctx, actor, params.id),
})

const list = route({
  method: 'get',
  path: '/api/analytics/sentiment/labels',
  tag,
  summary: 'What people labelled, newest first',
  access: 'user',
  query: LabelsQuery,
  status: 200,
  response: LabelPage,
  handler: ({ ctx, query }) => listLabels(ctx, query),
})

export const labelRoutes = [put, remove, list]
