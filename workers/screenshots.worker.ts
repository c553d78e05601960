import { readScreenshots, readScreenshotsTask } from '../src/features/feedback/index.ts'
import type { GuardedClient } from '../src/outgoing/guarded-client.ts'
import { worker } from './worker.ts'

export const screenshotsWorker = (client: GuardedClient) =>
  worker(readScreenshotsTask, (ctx) => readScreenshots(ctx, client))
