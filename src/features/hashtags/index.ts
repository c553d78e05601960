export {
  countChangedTags,
  countWorkspaceTags,
  mendCounters,
  syncTags,
} from './counts/count-tags.service.ts'
export { findTrending } from './counts/trending.service.ts'
