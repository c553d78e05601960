export { type FetchProgress, fetchModel } from './model/model-fetch.ts'
export { type ModelSpec, resolveModel } from './model/model-files.ts'
export { isScorable } from './scorer/text-preparation.ts'
export { createSentimentEngine, type Scores, type SentimentEngine } from './sentiment-engine.ts'
