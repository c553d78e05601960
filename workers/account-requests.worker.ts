import { answerAccountRequests, answerRequestsTask } from '../src/features/accounts/index.ts'
import { worker } from './worker.ts'

export const accountRequestsWorker = worker(answerRequestsTask, answerAccountRequests)
