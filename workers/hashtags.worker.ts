import {
  countChangedTags,
  countTagsTask,
  noteTrending,
  noteTrendingTask,
} from '../src/features/hashtags/index.ts'
import { worker } from './worker.ts'

export const countTagsWorker = worker(countTagsTask, countChangedTags)
export const noteTrendingWorker = worker(noteTrendingTask, noteTrending)
