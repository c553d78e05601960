import type { Clock } from '../../../core/clock.ts'
import type { CoverageSummary } from '../../coverage/index.ts'
import { definitionsOf } from '../frame/definitions.ts'
import type { ExperimentRow } from './experiments.queries.ts'
import type { ExperimentView, Measurement } from './experiments.schemas.ts'
import { Treatment } from './treatment.ts'
import { expectationOf, inWords, verdictOf } from './verdict.ts'

/** When the last posts of an experiment have their look after 24 hours. */
export const ripeAfterMs = 32 * 3_600_000

function stateOf(row: ExperimentRow, now: Date): ExperimentView['state'] {
  if (row.stopped_at) return 'stopped'
  if (now < row.starts_at) return 'planned'
  return now < row.ends_at ? 'running' : 'ended'
}

export const presentExperiment = (
  row: ExperimentRow,
  { clock }: { clock: Clock },
): ExperimentView => ({
  id: row.id,
  name: row.name,
  hypothesis: row.hypothesis,
  treatment: Treatment.parse(row.treatment),
  metric: row.metric,
  ageHours: row.age_hours,
  expectedLift: row.expected_lift,
  baselineFrom: row.baseline_from.toISOString(),
  startsAt: row.starts_at.toISOString(),
  endsAt: row.ends_at.toISOString(),
  stoppedAt: row.stopped_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
  createdBy: row.created_by,
  state: stateOf(row, clock.now()),
  statedLate: row.created_at > row.starts_at,
})

type Found = { measurement: Measurement | null; coverage: CoverageSummary | null }

export function presentMeasured(
  row: ExperimentRow,
  { measurement, coverage }: Found,
  needs: { clock: Clock },
) {
  const view = presentExperiment(row, needs)
  const ripeMs = row.ends_at.getTime() + ripeAfterMs
  const provisional = view.state !== 'stopped' && needs.clock.now().getTime() < ripeMs
  const situation = {
    state: view.state,
    provisional,
    expectedLift: view.expectedLift,
    endsAt: view.endsAt,
    measurement,
  }
  return {
    ...view,
    provisional,
    verdict: verdictOf(situation),
    expectation: expectationOf(situation),
    summary: inWords(situation),
    measurement,
    coverage,
    definitions: definitionsOf(['measured_lift', view.metric]),
  }
}
