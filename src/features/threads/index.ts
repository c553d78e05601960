export { type DueThread, findDueThreads } from './due-threads.queries.ts'
export { countThreads, findReplies } from './replies.queries.ts'
export { storeThread } from './store-thread.service.ts'
export {
  endLooks,
  passQuietThreads,
  planNextLook,
  postponeThreads,
} from './thread-schedule.repository.ts'
export { recomputeThreads } from './thread-shapes.service.ts'
