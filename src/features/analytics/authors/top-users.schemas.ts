import { z } from 'zod'
import { pageLimit } from '../../../core/paging.ts'
import { Id } from '../../../http/id.ts'
import { platformIds } from '../../../platforms/index.ts'
import { allTimeFields } from '../frame/answer.ts'
import { reasonsFor } from '../frame/reasons.ts'

export const TopUsersQuery = z.strictObject({
  limit: pageLimit(10, 100),
  platform: z.enum(platformIds).optional().describe('One platform; all when left out'),
})
export type TopUsersQuery = z.infer<typeof TopUsersQuery>

export const TopUsers = z
  .object({
    users: z.array(
      z.object({
        user_id: Id.describe("The author's id"),
        username: z.string(),
        platform: z.enum(platformIds),
        total_engagement: z
          .number()
          .int()
          .nullable()
          .describe('Of all time, definition `engagement`; null: no post tells any'),
        post_count: z.number().int().describe('Comments are not counted'),
        avg_engagement_per_post: z
          .number()
          .nullable()
          .describe(
            'Definition `average_per_post`: total_engagement / posts that tell it, two decimals',
          ),
        n: z.number().int().describe('Posts that tell their engagement'),
        reasons: reasonsFor(['total_engagement', 'avg_engagement_per_post']),
      }),
    ),
    limit: z.number().int(),
    total_count: z.number().int().describe('Authors with at least one post'),
    ...allTimeFields,
  })
  .meta({ id: 'TopUsers' })
export type TopUsers = z.infer<typeof TopUsers>
