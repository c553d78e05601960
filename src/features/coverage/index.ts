export { coverageHeader, coverageHeaderMeaning } from './coverage.header.ts'
export { type PeriodInput, periodOf } from './coverage.period.ts'
export { type CoveragePeriod, summarizeCoverage } from './coverage.queries.ts'
export { coverageRoutes } from './coverage.routes.ts'
