import type { Context } from '../../../context.ts'
import { countUsers, findTopUsers } from './top-users.queries.ts'
import type { TopUsers, TopUsersQuery } from './top-users.schemas.ts'

const twoDecimals = (value: number) => Math.round(value * 100) / 100

/** Who has gathered most, of all time. */
export async function topUsers(
  { em }: Pick<Context, 'em'>,
  { limit, platform = undefined }: TopUsersQuery,
): Promise<TopUsers> {
  const found = await findTopUsers(em, platform ?? null, limit)
  return {
    users: found.map((row) => {
      const n = Number(row.n)
      const total = n > 0 ? Number(row.engagement) : null
      return {
        user_id: row.author_id,
        username: row.handle,
        platform: row.platform as TopUsers['users'][number]['platform'],
        total_engagement: total,
        post_count: Number(row.posts),
        avg_engagement_per_post: total === null ? null : twoDecimals(total / n),
      }
    }),
    limit,
    total_count: await countUsers(em, platform ?? null),
  }
}
