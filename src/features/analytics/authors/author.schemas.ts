import { z } from 'zod'
import { Id } from '../../../http/id.ts'
import { platformIds } from '../../../platforms/index.ts'

export const AuthorRef = z
  .object({
    id: Id,
    handle: z.string(),
    displayName: z.string().nullable(),
    platform: z.enum(platformIds),
  })
  .meta({ id: 'AuthorRef' })
export type AuthorRef = z.infer<typeof AuthorRef>

const whole = z.number().int()

export const sumFields = {
  posts: whole,
  views: whole.nullable().describe('Null: no post tells its views'),
  likes: whole,
  comments: whole,
  shares: whole,
}
