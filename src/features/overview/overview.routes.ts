import { z } from 'zod'
import { route } from '../../http/route.ts'
import { countOverview } from './overview.queries.ts'

const Overview = z
  .object({
    sources: z.number().int(),
    activeJobs: z.number().int(),
    /** Jobs that have not ended a single run yet. */
    jobsWaiting: z.number().int(),
    failingJobs: z.number().int(),
    posts: z.number().int(),
    samples: z.number().int(),
    scoredPosts: z.number().int(),
    unscoredPosts: z.number().int(),
    openGaps: z.number().int(),
    asOf: z.iso.datetime(),
  })
  .meta({ id: 'Overview' })

const overview = route({
  method: 'get',
  path: '/api/overview',
  tag: 'Posts',
  summary: 'What this workspace watches and has collected, counted now',
  access: 'user',
  status: 200,
  response: Overview,
  handler: async ({ ctx }) => {
    const counted = await countOverview(ctx.em)
    return {
      ...counted,
      asOf: ctx.clock.now().toISOString(),
    }
  },
})

export const overviewRoutes = [overview]
