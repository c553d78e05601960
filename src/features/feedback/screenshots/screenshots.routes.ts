import type { Response } from 'express'
import { IdParams } from '../../../http/id.ts'
import { streamRoute, uploadRoute } from '../../../http/route.ts'
import { presentFeedback } from '../feedback.presenter.ts'
import { FeedbackView } from '../feedback.schemas.ts'
import { attachScreenshot } from '../feedback.service.ts'
import { imageTypes, mostBytes } from './image-type.ts'
import { getScreenshot } from './screenshots.service.ts'

const form =
  'A WebP picture that was decoded and written anew. 409 while it has not been read, or when it was ' +
  'refused: `screenshot` of the feedback says which.'

const upload = uploadRoute({
  method: 'put',
  path: '/api/feedback/{id}/screenshot',
  tag: 'Feedback',
  summary: 'Add a screenshot while the feedback is new, or put another in its place',
  description:
    'The body is the file itself, at most 5 MB. What counts is what its bytes are; a worker decodes ' +
    'it and keeps only what it writes anew, without metadata.',
  access: 'user',
  role: 'viewer',
  params: IdParams,
  upload: { types: imageTypes, maxBytes: mostBytes },
  status: 202,
  response: FeedbackView,
  handler: async ({ ctx, actor, params, upload: bytes }) =>
    presentFeedback(await attachScreenshot(ctx, actor.userId, params.id, bytes)),
})

const own = streamRoute({
  method: 'get',
  path: '/api/feedback/{id}/screenshot',
  tag: 'Feedback',
  summary: "Your feedback's screenshot",
  description: form,
  access: 'user',
  params: IdParams,
  produces: ['image/webp'],
  stream: async ({ ctx, actor, params, response }) =>
    send(response, await getScreenshot(ctx.em, params.id, actor.userId)),
})

const any = streamRoute({
  method: 'get',
  path: '/api/admin/feedback/{id}/screenshot',
  tag: 'Feedback',
  summary: "A feedback's screenshot, for administrators",
  description: form,
  access: 'admin',
  scope: 'session',
  params: IdParams,
  produces: ['image/webp'],
  stream: async ({ ctx, params, response }) =>
    send(response, await getScreenshot(ctx.em, params.id, null)),
})

type Picture = { id: string; bytes: Buffer; media_type: string }

/** A file to keep, never a page of ours: no browser runs or embeds what is in it. */
function send(response: Response, { id, bytes, media_type: mediaType }: Picture): void {
  response.status(200).set({
    'Content-Type': mediaType,
    'Content-Length': String(bytes.length),
    'Content-Disposition': `attachment; filename="screenshot-${id}.webp"`,
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(bytes)
}

export const screenshotRoutes = [upload, own, any]
