export { coverageHeader, coverageHeaderMeaning } from './coverage.header.ts'
export { periodOf } from './coverage.period.ts'
export { summarizeCoverage } from './coverage.queries.ts'
export { coverageRoutes } from './coverage.routes.ts'
