export { person, scoredText, textVersion } from './backlog.repository.ts'
export {
  createSentimentEngine,
  type FetchProgress,
  fetchModel,
  isScorable,
  resolveModel,
  type Scores,
  type SentimentEngine,
} from './engine/index.ts'
export { type Evaluation, evaluateModel } from './evaluation/evaluate-model.ts'
export { readLabelledLines } from './evaluation/labelled-lines.ts'
export { dispatchScoring, scoreWorkspace } from './score-backlog.service.ts'
export { scoreBacklog } from './sentiment.tasks.ts'
