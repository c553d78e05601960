import { route } from '../../../../http/route.ts'
import { cached } from '../../frame/cached.ts'
import { SentimentQuery, SentimentShares } from './shares.schemas.ts'
import { sentimentShares } from './shares.service.ts'

const show = route({
  method: 'get',
  path: '/api/analytics/sentiment',
  tag: 'Analytics',
  summary: 'Shares of moods and their mean, over time and by group',
  description:
    'Shares with Wilson’s interval; the mean of compound with Student’s, in which the spread of the ' +
    'whole scope counts as four texts, so that two texts of one mood prove little. What a person ' +
    'labelled counts as labelled. The period is widened to whole quarters of an hour. by=topic ' +
    'compares the texts that hold some words with all.',
  access: 'user',
  query: SentimentQuery,
  status: 200,
  response: SentimentShares,
  handler: ({ ctx, actor, query }) =>
    cached(ctx, actor, 'sentiment', query, (ctx) => sentimentShares(ctx, query)),
})

export const sharesRoutes = [show]
