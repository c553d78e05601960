import { route, streamRoute } from '../../http/route.ts'
import { Alive, DetailedHealth, Health, Ready, Root } from './health.schemas.ts'
import { checkHealth, checkReady, describeHealth, describeRoot } from './health.service.ts'

const tag = 'Operations'

const health = route({
  method: 'get',
  path: '/health',
  tag,
  summary: 'How Earshot is, in a few words',
  access: 'public',
  limit: 'exempt',
  status: 200,
  response: Health,
  handler: ({ ctx }) => checkHealth(ctx),
})

const live = route({
  method: 'get',
  path: '/health/live',
  tag,
  summary: 'This process runs; nothing else is touched',
  access: 'public',
  limit: 'exempt',
  status: 200,
  response: Alive,
  handler: async () => ({ status: 'alive' as const }),
})

const ready = route({
  method: 'get',
  path: '/health/ready',
  tag,
  summary: 'Database and queue store answer; 503 names the one that does not',
  access: 'public',
  limit: 'exempt',
  status: 200,
  response: Ready,
  handler: async ({ ctx }) => {
    await checkReady(ctx)
    return { status: 'ready' as const }
  },
})

const detailed = route({
  method: 'get',
  path: '/health/detailed',
  tag,
  summary: 'Versions, pool, queues, jobs that are late, sentiment backlog',
  access: 'operator',
  status: 200,
  response: DetailedHealth,
  handler: ({ ctx }) => describeHealth(ctx),
})

const metrics = streamRoute({
  method: 'get',
  path: '/metrics',
  tag,
  summary: 'For Prometheus; without a token only from this machine',
  access: 'local-operator',
  produces: ['text/plain'],
  stream: async ({ ctx, response }) => {
    const text = await ctx.metrics.registry.metrics()
    response.setHeader('Content-Type', ctx.metrics.registry.contentType)
    response.end(text)
  },
})

const root = route({
  method: 'get',
  path: '/',
  tag,
  summary: 'What answers here, and where the rest is',
  access: 'public',
  limit: 'exempt',
  status: 200,
  response: Root,
  handler: async ({ ctx }) => describeRoot(ctx.config.http.publicDocs),
})

export const healthRoutes = [root, health, live, ready, detailed, metrics]
