import { hashtagRoutes as ownRoutes } from './hashtags.routes.ts'
import { tagReportRoutes } from './reports/reports.routes.ts'

export {
  countChangedTags,
  countWorkspaceTags,
  mendCounters,
  syncTags,
} from './counts/count-tags.service.ts'
export { findTrending } from './counts/trending.service.ts'
export { answerRecommendations, answerTrending } from './hashtags.answers.ts'
export { RecommendQuery, TrendingQuery } from './hashtags.schemas.ts'
export { countTagsTask, noteTrendingTask } from './hashtags.tasks.ts'
export { answerGrowing, answerTopTags } from './reports/reports.answers.ts'
export { GrowingQuery, TopTagsQuery } from './reports/reports.schemas.ts'
export { noteTrending } from './surprise/note-trending.service.ts'

export const hashtagRoutes = [...ownRoutes, ...tagReportRoutes]
