import { z } from 'zod'
import type { Context } from '../../../context.ts'
import { CoverageSummary, summarizeCoverage } from '../../coverage/index.ts'
import { DefinitionView } from './definitions.ts'
import type { Scope } from './scope.ts'

/** What stands around every analytic: its period, how well that was observed, and what words mean. */
export const frameFields = {
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  coverage: CoverageSummary.describe('How much of the period was observed at all'),
  definitions: z.array(DefinitionView),
}

/** The same of what is counted of all time. */
export const allTimeFields = {
  as_of: z.iso.datetime(),
  coverage: CoverageSummary.describe('How much was observed since watching began'),
  definitions: frameFields.definitions,
}

const start = new Date(0).toISOString()

export async function allTimeFrameOf(
  { em, clock }: Pick<Context, 'em' | 'clock'>,
  { platform }: Pick<Scope, 'platform'>,
) {
  const now = clock.now().toISOString()
  return { as_of: now, coverage: await summarizeCoverage(em, { platform, from: start, to: now }) }
}

export async function frameOf({ em }: Pick<Context, 'em'>, scope: Scope) {
  const { from, to } = scope
  return { from, to, coverage: await summarizeCoverage(em, scope) }
}
