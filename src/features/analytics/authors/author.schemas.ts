import { z } from 'zod'
import { Id } from '../../../http/id.ts'
import { platformIds } from '../../../platforms/index.ts'
import { reasonsFor } from '../frame/reasons.ts'

export const AuthorRef = z
  .object({
    id: Id,
    handle: z.string(),
    displayName: z.string().nullable(),
    platform: z.enum(platformIds),
  })
  .meta({ id: 'AuthorRef' })
export type AuthorRef = z.infer<typeof AuthorRef>

/** What posts may tell or not. */
export const reported = ['views', 'likes', 'comments', 'shares'] as const

const sum = z.number().int().nullable().describe('Over the posts that tell it; null: none does')

export const sumFields = {
  posts: z.number().int(),
  views: sum,
  likes: sum,
  comments: sum,
  shares: sum,
  reasons: reasonsFor(reported),
}
