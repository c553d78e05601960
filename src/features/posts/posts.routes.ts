import { notFound } from '../../core/errors.ts'
import { IdParams } from '../../http/id.ts'
import { route } from '../../http/route.ts'
import { moment, presentMetrics, presentPost } from './posts.presenter.ts'
import { findPost, findPosts } from './posts.queries.ts'
import { setPromoted } from './posts.repository.ts'
import {
  ChangePost,
  PlatformPostFilter,
  PostFilter,
  PostPage,
  PostSamples,
  PostView,
  SampleFilter,
} from './posts.schemas.ts'
import { findPostSamples } from './samples.queries.ts'

const order =
  'Newest first. Pages follow each other without gaps or repeats while new posts arrive. Filters ' +
  'are combined with and.'

const list = route({
  method: 'get',
  path: '/api/posts',
  tag: 'Posts',
  summary: 'Posts of every platform',
  description: order,
  access: 'user',
  query: PostFilter,
  status: 200,
  response: PostPage,
  handler: async ({ ctx, query }) => {
    const { items, nextCursor } = await findPosts(ctx.em, query)
    return { items: items.map(presentPost), nextCursor }
  },
})

const usualKind = { twitter: 'tweet', youtube: 'video', reddit: 'reddit_post' } as const

/** Comments hang under these: they come only to whom asks for kind=comment. */
const platformList = (platform: keyof typeof usualKind, path: string, summary: string) =>
  route({
    method: 'get',
    path,
    tag: 'Posts',
    summary,
    description: `GET /api/posts with platform=${platform} and, unless said otherwise, kind=${usualKind[platform]}. ${order}`,
    access: 'user',
    query: PlatformPostFilter,
    status: 200,
    response: PostPage,
    handler: async ({ ctx, query }) => {
      const kind = query.kind ?? usualKind[platform]
      const { items, nextCursor } = await findPosts(ctx.em, { ...query, platform, kind })
      return { items: items.map(presentPost), nextCursor }
    },
  })

const get = route({
  method: 'get',
  path: '/api/posts/{id}',
  tag: 'Posts',
  summary: 'One post',
  access: 'user',
  params: IdParams,
  status: 200,
  response: PostView,
  handler: async ({ ctx, params }) => {
    const found = await findPost(ctx.em, params.id)
    if (!found) throw notFound('Post')
    return presentPost(found)
  },
})

const change = route({
  method: 'patch',
  path: '/api/posts/{id}',
  tag: 'Posts',
  summary: 'Mark a post as promoted, or as not',
  description:
    'Rankings can tell promoted posts from others: what money brought is no measure for work.',
  access: 'user',
  params: IdParams,
  body: ChangePost,
  status: 200,
  response: PostView,
  handler: async ({ ctx, params, body }) => {
    if (!(await setPromoted(ctx.em, params.id, body.promoted))) throw notFound('Post')
    const found = await findPost(ctx.em, params.id)
    if (!found) throw notFound('Post')
    return presentPost(found)
  },
})

const samples = route({
  method: 'get',
  path: '/api/posts/{id}/samples',
  tag: 'Posts',
  summary: "A post's numbers over time, oldest first",
  description: 'Each item was measured at its time; nothing is filled in between two samples.',
  access: 'user',
  params: IdParams,
  query: SampleFilter,
  status: 200,
  response: PostSamples,
  handler: async ({ ctx, params, query }) => {
    if (!(await findPost(ctx.em, params.id))) throw notFound('Post')
    const { items, nextCursor } = await findPostSamples(ctx.em, params.id, query)
    return {
      items: items.map((row) => ({ sampledAt: moment(row.sampled_at), ...presentMetrics(row) })),
      nextCursor,
    }
  },
})

export const postRoutes = [
  list,
  platformList('twitter', '/api/twitter/tweets', 'Tweets'),
  platformList('youtube', '/api/youtube/videos', 'YouTube videos'),
  platformList('reddit', '/api/reddit/posts', 'Reddit posts'),
  get,
  change,
  samples,
]
