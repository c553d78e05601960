import { z } from 'zod'
import { route, streamRoute } from '../../http/route.ts'
import { SecondFactorCode, TypedPassword } from '../accounts/index.ts'
import { writeArchive } from './archive.service.ts'
import { deleteAccount } from './deletion.service.ts'

const tag = 'Accounts'

/** A POST, because many clients cannot send a body with DELETE. */
const deletion = route({
  method: 'post',
  path: '/api/users/me/deletion',
  tag,
  summary: 'Delete your account, and all that is yours alone',
  description:
    'Gone are your sessions, tokens, feedback, your personal workspace and every workspace of which ' +
    'you are the only member, with all that was collected there and the credentials. Workspaces of ' +
    'others go on without you; 409 while you are the only owner of one. Where a second factor is on, ' +
    '`code` is needed. Nothing brings it back: take your data out first (GET /api/users/me/archive).',
  access: 'user',
  role: 'viewer',
  scope: 'session',
  limit: 'sensitive',
  body: z.strictObject({ currentPassword: TypedPassword, code: SecondFactorCode.optional() }),
  status: 204,
  response: z.void(),
  handler: ({ ctx, actor, body }) => deleteAccount(ctx, actor.userId, body),
})

/** A reader that takes nothing for so long is gone, even where its connection is not. */
const stallMs = 60_000

const archive = streamRoute({
  method: 'get',
  path: '/api/users/me/archive',
  tag,
  summary: 'Take out all that is yours, as one ZIP file',
  description:
    'Account, sessions, tokens (without their secrets), workspaces, feedback, mails and what the audit ' +
    'log says of you; of every workspace that is yours alone also its sources, jobs, runs, posts and ' +
    'samples, one JSON object a line. README.txt in it says what each file is. Credentials are in no ' +
    'file. It is streamed; one that breaks off ends in a broken connection. At most two exports of a ' +
    'workspace run at once (429), and four of all (503).',
  access: 'user',
  role: 'viewer',
  scope: 'session',
  produces: ['application/zip'],
  stream: async ({ ctx, actor, request, response }) => {
    const day = ctx.clock.now().toISOString().slice(0, 10)
    const head = () => {
      response.setTimeout(stallMs, () => response.destroy())
      return response.status(200).set({
        'Content-Type': 'application/zip',
        'Content-Disposition': `attachment; filename="earshot-archive-${day}.zip"`,
      })
    }
    if (request.method === 'HEAD') head().end()
    else await writeArchive(ctx, actor, head)
  },
})

export const farewellRoutes = [deletion, archive]
