import { z } from 'zod'
import type { Context } from '../../../context.ts'
import { IdParams } from '../../../http/id.ts'
import { route } from '../../../http/route.ts'
import { summarizeCoverage } from '../../coverage/index.ts'
import { cached } from '../frame/cached.ts'
import { presentExperiment, presentMeasured, ripeAfterMs } from './experiments.presenter.ts'
import { type ExperimentRow, findExperiments } from './experiments.queries.ts'
import {
  ChangeExperiment,
  ExperimentFilter,
  ExperimentPage,
  ExperimentView,
  MeasuredExperiment,
  NewExperiment,
} from './experiments.schemas.ts'
import {
  changeExperiment,
  createExperiment,
  deleteExperiment,
  getExperiment,
} from './experiments.service.ts'
import { measure } from './measurement.service.ts'
import { Treatment } from './treatment.ts'

const tag = 'Analytics'
const quarterMs = 900_000

/** Up to where posts are old enough: the horizon, the stop, or now less the last look's age. */
function ripeUntil({ ends_at, stopped_at }: ExperimentRow, now: Date): number {
  const horizon = Math.min(ends_at.getTime(), stopped_at?.getTime() ?? Infinity)
  return Math.floor(Math.min(horizon, now.getTime() - ripeAfterMs) / quarterMs) * quarterMs
}

async function measured(ctx: Context, row: ExperimentRow) {
  const untilMs = ripeUntil(row, ctx.clock.now())
  if (untilMs <= row.starts_at.getTime()) {
    return presentMeasured(row, { measurement: null, coverage: null }, ctx)
  }
  const window = { from: row.baseline_from.toISOString(), to: new Date(untilMs).toISOString() }
  const measurement = await measure(ctx, {
    treatment: Treatment.parse(row.treatment),
    metric: row.metric,
    baselineFrom: window.from,
    startsAt: row.starts_at.toISOString(),
    until: window.to,
  })
  const coverage = await summarizeCoverage(ctx.em, window)
  return presentMeasured(row, { measurement, coverage }, ctx)
}

const create = route({
  method: 'post',
  path: '/api/analytics/experiments',
  tag,
  summary: 'State a hypothesis before you know: post at these hours, coach these authors, promote',
  access: 'user',
  body: NewExperiment,
  status: 201,
  response: ExperimentView,
  handler: async ({ ctx, actor, body }) =>
    presentExperiment(await createExperiment(ctx, actor, body), ctx),
})

const list = route({
  method: 'get',
  path: '/api/analytics/experiments',
  tag,
  summary: 'Experiments, the newest first',
  access: 'user',
  query: ExperimentFilter,
  status: 200,
  response: ExperimentPage,
  handler: async ({ ctx, query }) => {
    const { items, nextCursor } = await findExperiments(ctx.em, query)
    return { items: items.map((row) => presentExperiment(row, ctx)), nextCursor }
  },
})

const get = route({
  method: 'get',
  path: '/api/analytics/experiments/{id}',
  tag,
  summary: 'What an experiment measured so far: the lift with its interval, in numbers and words',
  description:
    'Hours and promotion: treated posts against the others of the same source and thirty days, 24 ' +
    'hours after publication. Coaching: how much the coached changed against other authors. Until ' +
    'its horizon it is provisional. Promoted posts were chosen by somebody: some of their lift may be ' +
    'the choice.',
  access: 'user',
  params: IdParams,
  status: 200,
  response: MeasuredExperiment,
  handler: async ({ ctx, actor, params }) => {
    const row = await getExperiment(ctx.em, params.id)
    // Marking a post as promoted changes no sum, so it drops no answer: this one is never kept.
    if (Treatment.parse(row.treatment).kind === 'promotion') return measured(ctx, row)
    return cached(ctx, actor, 'experiment', row, (ctx) => measured(ctx, row))
  },
})

const change = route({
  method: 'patch',
  path: '/api/analytics/experiments/{id}',
  tag,
  summary: 'Rename an experiment, or stop it for good',
  access: 'user',
  params: IdParams,
  body: ChangeExperiment,
  status: 200,
  response: ExperimentView,
  handler: async ({ ctx, actor, params, body }) =>
    presentExperiment(await changeExperiment(ctx, actor.workspaceId, params.id, body), ctx),
})

const remove = route({
  method: 'delete',
  path: '/api/analytics/experiments/{id}',
  tag,
  summary: 'Delete an experiment; what it looked at stays',
  access: 'user',
  params: IdParams,
  status: 204,
  response: z.null(),
  handler: async ({ ctx, actor, params }) => {
    await deleteExperiment(ctx, actor.workspaceId, params.id)
    return null
  },
})

export const experimentRoutes = [create, list, get, change, remove]
