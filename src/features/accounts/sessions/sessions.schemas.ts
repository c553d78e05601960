import { z } from 'zod'
import { pageLimit } from '../../../core/paging.ts'
import { Id } from '../../../http/id.ts'

export const SessionFilter = z.strictObject({
  limit: pageLimit(50, 100),
  cursor: z.string().max(500).optional().describe('nextCursor of the page before'),
})

export const LogOutEverywhere = z.strictObject({
  keepThis: z
    .boolean()
    .default(false)
    .meta({ description: 'true: everywhere else, and this session goes on' }),
})

export const LoggedOut = z.object({
  ended: z.number().int().meta({ description: 'How many sessions ran until now' }),
})

const SessionView = z
  .object({
    id: Id,
    device: z.string().meta({ description: 'In words', example: 'Firefox on Linux' }),
    ip: z.string().nullable().meta({ description: 'Where somebody signed in from' }),
    createdAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime().meta({ description: 'To the minute' }),
    expiresAt: z.iso.datetime().meta({ description: 'Unless it is refreshed before' }),
    current: z.boolean().meta({ description: 'It is this one that asks' }),
  })
  .meta({ id: 'Session' })

export const SessionPage = z.object({
  items: z.array(SessionView),
  nextCursor: z.string().nullable(),
})
