import { adminFeedbackRoutes } from './admin/admin-feedback.routes.ts'
import { feedbackStatisticsRoutes } from './admin/feedback-statistics.routes.ts'
import { writerRoutes } from './feedback.routes.ts'
import { screenshotRoutes } from './screenshots/screenshots.routes.ts'

export { readScreenshots } from './screenshots/read-screenshots.service.ts'
export { readScreenshotsTask } from './screenshots/screenshots.tasks.ts'

export const feedbackRoutes = [
  ...writerRoutes,
  ...screenshotRoutes,
  ...adminFeedbackRoutes,
  ...feedbackStatisticsRoutes,
]
