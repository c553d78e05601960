import { route } from '../../../http/route.ts'
import { FeedbackStatus, FeedbackType } from '../feedback.schemas.ts'
import {
  FeedbackStatistics,
  FeedbackTrends,
  StatisticsFilter,
  TrendsFilter,
} from './feedback-statistics.schemas.ts'
import { followFeedback, summarizeFeedback } from './feedback-statistics.service.ts'

const common = { method: 'get', tag: 'Feedback', access: 'admin', scope: 'session' } as const

/** A kind that nobody chose stands there with 0: that is known. */
const counted = <Key extends string>(keys: readonly Key[], counts: Record<string, number>) =>
  Object.fromEntries(keys.map((key) => [key, counts[key] ?? 0])) as Record<Key, number>

const statistics = route({
  ...common,
  path: '/api/admin/feedback/statistics',
  summary:
    'How much feedback there is, of what kind, how content people are, how long answers take',
  query: StatisticsFilter,
  status: 200,
  response: FeedbackStatistics,
  handler: async ({ ctx, query }) => {
    const { totals, features } = await summarizeFeedback(ctx.em, query)
    return {
      total: totals.total,
      open: totals.open,
      byType: counted(FeedbackType.options, totals.by_type),
      byStatus: counted(FeedbackStatus.options, totals.by_status),
      satisfaction: { mean: totals.satisfaction, n: totals.satisfaction_n },
      features,
      resolution: { medianHours: totals.median_hours, n: totals.resolved },
    }
  },
})

const trends = route({
  ...common,
  path: '/api/admin/feedback/trends',
  summary: 'Feedback by day, week or month of a time zone; a day without any is there with 0',
  query: TrendsFilter,
  status: 200,
  response: FeedbackTrends,
  handler: async ({ ctx, query }) => {
    const found = await followFeedback(ctx.em, query, ctx.clock.now())
    const items = found.map((row) => ({
      start: row.start,
      isComplete: row.is_complete,
      created: row.created,
      resolved: row.resolved,
      satisfaction: { mean: row.satisfaction, n: row.satisfaction_n },
    }))
    return { unit: query.unit, timeZone: query.timeZone, items }
  },
})

export const feedbackStatisticsRoutes = [statistics, trends]
