import {
  type SentimentEngine,
  scoreBacklog,
  scoreWorkspace,
} from '../src/features/sentiment/index.ts'
import { worker } from './worker.ts'

export const enrichWorker = (engine: SentimentEngine) =>
  worker(scoreBacklog, (ctx, { workspaceId }) => scoreWorkspace(ctx, engine, workspaceId))
