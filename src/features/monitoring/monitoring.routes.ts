import { z } from 'zod'
import type { Context } from '../../context.ts'
import { notFound } from '../../core/errors.ts'
import { route } from '../../http/route.ts'
import { AddedSources, AddSources } from '../sources/index.ts'
import { addSources } from './add-sources.service.ts'
import { findExecutions, findJob, findJobs } from './jobs.queries.ts'
import {
  changeInterval,
  createJob,
  deleteJob,
  pauseJob,
  resumeJob,
  runJobNow,
} from './jobs.service.ts'
import {
  ChangeJob,
  CreateJob,
  ExecutionPage,
  HistoryQuery,
  JobFilter,
  JobPage,
  JobParams,
  JobView,
} from './monitoring.schemas.ts'

const tag = 'Jobs'

async function getJob(ctx: Context, id: string) {
  const job = await findJob(ctx.em, id)
  if (!job) throw notFound('Monitoring job')
  return job
}

const add = route({
  method: 'post',
  path: '/api/sources',
  tag: 'Sources',
  summary: 'Add one or hundreds of channels, accounts or subreddits',
  description: 'Each input answers for itself: created, exists, not_found or invalid.',
  access: 'user',
  body: AddSources,
  status: 200,
  response: AddedSources,
  handler: async ({ ctx, body }) => {
    const results = await addSources(ctx, body)
    const count = (outcome: string) => results.filter((row) => row.outcome === outcome).length
    return {
      results,
      counts: {
        created: count('created'),
        exists: count('exists'),
        not_found: count('not_found'),
        invalid: count('invalid'),
      },
    }
  },
})

const create = route({
  method: 'post',
  path: '/api/jobs',
  tag,
  summary: 'Start watching a source',
  access: 'user',
  body: CreateJob,
  status: 201,
  response: JobView,
  handler: async ({ ctx, body }) => getJob(ctx, await createJob(ctx, body)),
})

const list = route({
  method: 'get',
  path: '/api/jobs',
  tag,
  summary: 'Monitoring jobs, the newest first',
  access: 'user',
  query: JobFilter,
  status: 200,
  response: JobPage,
  handler: ({ ctx, query }) => findJobs(ctx.em, query),
})

const get = route({
  method: 'get',
  path: '/api/jobs/{id}',
  tag,
  summary: 'One monitoring job',
  access: 'user',
  params: JobParams,
  status: 200,
  response: JobView,
  handler: ({ ctx, params }) => getJob(ctx, params.id),
})

const change = route({
  method: 'patch',
  path: '/api/jobs/{id}',
  tag,
  summary: 'Change how often a job runs',
  access: 'user',
  params: JobParams,
  body: ChangeJob,
  status: 200,
  response: JobView,
  handler: async ({ ctx, params, body }) => {
    await changeInterval(ctx, params.id, body.intervalMinutes)
    return getJob(ctx, params.id)
  },
})

const command = (name: string, summary: string, run: (ctx: Context, id: string) => Promise<void>) =>
  route({
    method: 'post',
    path: `/api/jobs/{id}/${name}`,
    tag,
    summary,
    access: 'user',
    params: JobParams,
    status: 200,
    response: JobView,
    handler: async ({ ctx, params }) => {
      await run(ctx, params.id)
      return getJob(ctx, params.id)
    },
  })

const remove = route({
  method: 'delete',
  path: '/api/jobs/{id}',
  tag,
  summary: 'Stop watching; the source and its posts stay',
  access: 'user',
  params: JobParams,
  status: 204,
  response: z.null(),
  handler: async ({ ctx, params }) => {
    await deleteJob(ctx, params.id)
    return null
  },
})

const history = route({
  method: 'get',
  path: '/api/jobs/{id}/executions',
  tag,
  summary: 'What each run of a job did, the newest first',
  access: 'user',
  params: JobParams,
  query: HistoryQuery,
  status: 200,
  response: ExecutionPage,
  handler: async ({ ctx, params, query }) => {
    await getJob(ctx, params.id)
    return findExecutions(ctx.em, params.id, query)
  },
})

export const monitoringRoutes = [
  add,
  create,
  list,
  get,
  change,
  command('pause', 'Pause a job; pausing twice is pausing once', pauseJob),
  command('resume', 'Resume a job; it runs at once', resumeJob),
  command('run', 'Run a job now', runJobNow),
  remove,
  history,
]
