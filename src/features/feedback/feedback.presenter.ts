import type { FeedbackRow } from './feedback.queries.ts'
import type { FeedbackView } from './feedback.schemas.ts'

const presentScreenshot = (row: FeedbackRow): FeedbackView['screenshot'] =>
  row.screenshot_state === null
    ? null
    : {
        state: row.screenshot_state,
        reason: row.screenshot_reason,
        mediaType: row.screenshot_type,
        width: row.screenshot_width,
        height: row.screenshot_height,
      }

export const presentFeedback = (row: FeedbackRow): FeedbackView => ({
  id: row.id,
  type: row.type,
  status: row.status,
  title: row.title,
  description: row.description,
  pageUrl: row.page_url,
  browserInfo: row.browser_info,
  satisfaction: row.satisfaction,
  feature: row.feature,
  featureRating: row.feature_rating,
  resolution: row.resolution,
  resolvedAt: row.resolved_at?.toISOString() ?? null,
  screenshot: presentScreenshot(row),
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})
