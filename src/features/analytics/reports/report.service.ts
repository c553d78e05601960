import type { Context } from '../../../context.ts'
import { platformIds } from '../../../platforms/index.ts'
import { summarizeCoverage } from '../../coverage/index.ts'
import { wholeQuarters } from '../frame/buckets.ts'
import { definitionsOf } from '../frame/definitions.ts'
import { scopeOf } from '../frame/scope.ts'
import { findPlatform } from './audience.queries.ts'
import { reportPlatform } from './platform-report.service.ts'
import { type ReportRequest, type ReportView, sectionNames } from './report.schemas.ts'

/** All that is told of the chosen platforms in a period: what is exported, stored and printed. */
export async function buildReport(
  ctx: Pick<Context, 'em' | 'clock'>,
  { platforms, sections, zone, source, from, to, days }: ReportRequest,
): Promise<ReportView> {
  const exact = scopeOf({ source, from, to, days }, ctx)
  // Sums are of whole quarters of an hour; the last one is taken whole by whoever sums.
  const period = { ...exact, from: wholeQuarters(exact).from }
  const own = source && !platforms ? await findPlatform(ctx.em, source) : null
  const asked = own ? [own] : platforms
  const chosen = platformIds.filter((id) => !asked || asked.includes(id))
  const told = sectionNames.filter((name) => !sections || sections.includes(name))
  const definitions = new Map(
    definitionsOf(['posts', 'growth_rate']).map((definition) => [definition.id, definition]),
  )
  const define = (more: ReportView['definitions']) => {
    for (const definition of more) definitions.set(definition.id, definition)
  }
  // Side by side: they know nothing of each other, and each is a few dozen small questions.
  const reports = await Promise.all(
    chosen.map((platform) => {
      const scope = { platform, source, from: period.from, to: period.to }
      return reportPlatform(ctx, { scope, zone, sections: told, define })
    }),
  )
  return {
    version: 1,
    generatedAt: ctx.clock.now().toISOString(),
    request: { platforms: chosen, sections: told, source: source ?? null, zone },
    from: period.from,
    to: period.to,
    coverage: await summarizeCoverage(ctx.em, period),
    definitions: [...definitions.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    platforms: reports,
  }
}
