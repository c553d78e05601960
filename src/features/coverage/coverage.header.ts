import type { CoverageSummary } from './coverage.schemas.ts'

export const coverageHeaderMeaning =
  'X-Coverage says how much of the period was observed: `ratio` = the share of source-hours without ' +
  'a gap, each source counted from the later of the start of the period and the creation of its ' +
  'monitoring job, rounded down (left out where no source was watched); `gaps`; `missed-hours` = ' +
  'source-hours in gaps; `recovered` = gaps whose posts were fetched afterwards; `possibly-missing` ' +
  '= gaps of which posts may be missing. GET /api/coverage lists the gaps.'

/** ratio=0.9821, gaps=3, missed-hours=4.2, recovered=2, possibly-missing=1 */
export const coverageHeader = (summary: CoverageSummary): string =>
  [
    ...(summary.ratio === null ? [] : [`ratio=${summary.ratio.toFixed(4)}`]),
    `gaps=${summary.gaps}`,
    `missed-hours=${summary.missedHours.toFixed(1)}`,
    `recovered=${summary.recovered}`,
    `possibly-missing=${summary.possiblyMissing}`,
  ].join(', ')
