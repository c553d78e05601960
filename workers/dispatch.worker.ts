import { dispatchDue, dispatchDueProfiles } from '../src/features/monitoring/index.ts'
import { dispatchScoring } from '../src/features/sentiment/index.ts'
import { worker } from './worker.ts'

export const dispatchWorker = worker(dispatchDue, async (ctx) => {
  await dispatchDueProfiles(ctx)
  await dispatchScoring(ctx)
})
