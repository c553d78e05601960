import { route } from '../../http/route.ts'
import { sessionGapMinutes } from './stream-sessions.queries.ts'
import { presentSession } from './streams.presenter.ts'
import { findSessions } from './streams.queries.ts'
import { StreamFilter, StreamSessionPage } from './streams.schemas.ts'

const list = route({
  method: 'get',
  path: '/api/twitch/streams',
  tag: 'Posts',
  summary: 'Twitch streams, stitched into sessions, newest first',
  description:
    `Streams of one source with at most ${sessionGapMinutes} minutes between the end of one and the ` +
    'start of the next are one session: a stream that drops and comes back. Where the end of a ' +
    'stream was not seen, the time of its last sample stands for it. averageViewers = the sum of ' +
    '(v1 + v2) / 2 x (t2 - t1) over neighbouring samples of each stream, divided by the sum of ' +
    '(t2 - t1); time without two samples around it does not weigh in, and a single sample is ' +
    'itself the average.',
  access: 'user',
  query: StreamFilter,
  status: 200,
  response: StreamSessionPage,
  handler: async ({ ctx, query }) => {
    const { items, nextCursor } = await findSessions(ctx.em, query)
    return { items: items.map(presentSession), nextCursor }
  },
})

export const streamRoutes = [list]
