import { z } from 'zod'
import { route } from '../../http/route.ts'
import { presentSource } from './sources.presenter.ts'
import { findSourceSamples, findSources } from './sources.queries.ts'
import {
  ChangeSource,
  SourceDetail,
  SourceFilter,
  SourcePage,
  SourceParams,
  SourceSamples,
  SourceView,
} from './sources.schemas.ts'
import { changeSource, deleteSource, getSource } from './sources.service.ts'

const number = (value: string | null) => (value === null ? null : Number(value))

const list = route({
  method: 'get',
  path: '/api/sources',
  tag: 'Sources',
  summary: 'The channels, accounts and subreddits of this workspace, newest first',
  access: 'user',
  query: SourceFilter,
  status: 200,
  response: SourcePage,
  handler: async ({ ctx, query }) => {
    const { items, nextCursor } = await findSources(ctx.em, query)
    return { items: items.map(presentSource), nextCursor }
  },
})

const get = route({
  method: 'get',
  path: '/api/sources/{id}',
  tag: 'Sources',
  summary: 'One source, with what its platform says of it',
  access: 'user',
  params: SourceParams,
  status: 200,
  response: SourceDetail,
  handler: async ({ ctx, params }) => {
    const source = await getSource(ctx.em, params.id)
    return {
      ...source,
      platform: source.platform as SourceView['platform'],
      title: source.title ?? null,
      followers: source.followers ?? null,
      isLive: source.isLive ?? null,
      statisticsAt: source.statisticsAt?.toISOString() ?? null,
      collectsComments: source.collectsComments,
      audienceZone: source.audienceZone ?? null,
      createdAt: source.createdAt.toISOString(),
    }
  },
})

const samples = route({
  method: 'get',
  path: '/api/sources/{id}/samples',
  tag: 'Sources',
  summary: "A source's own numbers over time, oldest first (the newest 1,000)",
  access: 'user',
  params: SourceParams,
  status: 200,
  response: SourceSamples,
  handler: async ({ ctx, params }) => {
    await getSource(ctx.em, params.id)
    const found = await findSourceSamples(ctx.em, params.id)
    return {
      items: found.map((row) => ({
        sampledAt: row.sampled_at.toISOString(),
        followers: number(row.followers),
        totalViews: number(row.total_views),
        totalPosts: number(row.total_posts),
        online: number(row.online),
        isLive: row.is_live,
      })),
    }
  },
})

const change = route({
  method: 'patch',
  path: '/api/sources/{id}',
  tag: 'Sources',
  summary: 'Collect the comments under the posts of a source, or say where its audience lives',
  description:
    'Comments are of Reddit and YouTube only; they are read as far as the budget allows beside the ' +
    'collection of posts.',
  access: 'user',
  params: SourceParams,
  body: ChangeSource,
  status: 200,
  response: SourceView,
  handler: async ({ ctx, actor, params, body }) =>
    presentSource(await changeSource(ctx, actor.workspaceId, params.id, body)),
})

const remove = route({
  method: 'delete',
  path: '/api/sources/{id}',
  tag: 'Sources',
  summary: 'Stop watching a source and delete what was collected from it',
  access: 'user',
  params: SourceParams,
  status: 204,
  response: z.null(),
  handler: async ({ ctx, actor, params }) => {
    await deleteSource(ctx, actor.workspaceId, params.id)
    return null
  },
})

export const sourceRoutes = [list, get, samples, change, remove]
