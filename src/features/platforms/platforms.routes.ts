import { notFound } from '../../core/errors.ts'
import { route } from '../../http/route.ts'
import { presentPlatform } from './platforms.presenter.ts'
import { PlatformList, PlatformParams, PlatformView } from './platforms.schemas.ts'

const tag = 'Platforms'

const list = route({
  method: 'get',
  path: '/api/platforms',
  tag,
  summary: 'The platforms, what credentials each needs and how to get them',
  access: 'user',
  status: 200,
  response: PlatformList,
  handler: async ({ ctx }) => ({
    items: Object.values(ctx.platforms).map((platform) => presentPlatform(platform, ctx.config)),
  }),
})

const get = route({
  method: 'get',
  path: '/api/platforms/{platform}',
  tag,
  summary: 'One platform',
  access: 'user',
  params: PlatformParams,
  status: 200,
  response: PlatformView,
  handler: async ({ ctx, params }) => {
    const platform = ctx.platforms[params.platform]
    if (!platform) throw notFound('Platform')
    return presentPlatform(platform, ctx.config)
  },
})

export const platformRoutes = [list, get]
