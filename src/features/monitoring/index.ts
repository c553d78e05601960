export { collectProfile, type ProfileRun } from './collect.service.ts'
export { dispatchDueProfiles } from './dispatch.service.ts'
export { collectProfileTask, dispatchDue } from './monitoring.tasks.ts'
