import { route } from '../../../http/route.ts'
import { cached } from '../../analytics/index.ts'
import { minuteMs } from '../counts/period.ts'
import { answerGrowing, answerTopTags } from './reports.answers.ts'
import { GrowingQuery, GrowingView, TopTagsQuery, TopTagsView } from './reports.schemas.ts'

const top = route({
  method: 'get',
  path: '/api/reports/top-hashtags',
  tag: 'Reports',
  summary: 'The hashtags with the most posts of all time',
  access: 'user',
  query: TopTagsQuery,
  status: 200,
  response: TopTagsView,
  handler: ({ ctx, actor, query }) =>
    cached(ctx, actor, 'top-hashtags', query, (ctx) => answerTopTags(ctx, query)),
})

const growing = route({
  method: 'get',
  path: '/api/reports/fastest-growing',
  tag: 'Reports',
  summary: 'Hashtags that grew most against the window before',
  description:
    'By the lower end of the 95 % interval of the ratio of rates, so that few posts never win by ' +
    'chance; of all that is listed, one in twenty may be chance (Benjamini-Hochberg). Rates are per ' +
    'observed time: hours that were missed are not taken for silence.',
  access: 'user',
  query: GrowingQuery,
  status: 200,
  response: GrowingView,
  handler: ({ ctx, actor, query }) =>
    cached(ctx, actor, 'fastest-growing', query, (ctx) => answerGrowing(ctx, query), minuteMs),
})

export const tagReportRoutes = [top, growing]
