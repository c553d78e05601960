export { collectProfile } from './collect.service.ts'
export { dispatchDueProfiles } from './dispatch.service.ts'
export { monitoringRoutes } from './monitoring.routes.ts'
export { collectProfileTask, dispatchDue } from './monitoring.tasks.ts'
