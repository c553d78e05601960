import { route } from '../../../http/route.ts'
import { cached } from '../frame/cached.ts'
import { EngagementQuery, EngagementView } from './engagement.schemas.ts'
import { summarizeEngagement } from './engagement.service.ts'

const period =
  'The period is taken in whole quarters of an hour, which the answer says. A number that a platform ' +
  'does not report is null with the reason, never 0.'

const show = route({
  method: 'get',
  path: '/api/analytics/engagement',
  tag: 'Analytics',
  summary: 'What people did with the posts of a period: totals, averages and rates',
  description:
    'Of posts published in the period, by their newest numbers. `meansOfRatios` gives every post one ' +
    `voice, \`ratiosOfSums\` lets large posts decide; the two differ. ${period}`,
  access: 'user',
  query: EngagementQuery,
  status: 200,
  response: EngagementView,
  handler: ({ ctx, actor, query }) =>
    cached(ctx, actor, 'engagement', query, (ctx) => summarizeEngagement(ctx, query)),
})

export const overviewRoutes = [show]
