export {
  createSentimentEngine,
  type FetchProgress,
  fetchModel,
  resolveModel,
  type SentimentEngine,
} from './engine/index.ts'
export { dispatchScoring, scoreWorkspace } from './score-backlog.service.ts'
export { scoreBacklog } from './sentiment.tasks.ts'
