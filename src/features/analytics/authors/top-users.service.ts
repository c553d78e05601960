import type { Context } from '../../../context.ts'
import { allTimeFrameOf } from '../frame/answer.ts'
import { definitionsOf } from '../frame/definitions.ts'
import { whyNull } from '../frame/reasons.ts'
import { countUsers, findTopUsers } from './top-users.queries.ts'
import type { TopUsers, TopUsersQuery } from './top-users.schemas.ts'

const twoDecimals = (value: number) => Math.round(value * 100) / 100

/** Who has gathered most, of all time. */
export async function topUsers(
  ctx: Pick<Context, 'em' | 'clock'>,
  { limit, platform = undefined }: TopUsersQuery,
): Promise<TopUsers> {
  const found = await findTopUsers(ctx.em, platform ?? null, limit)
  return {
    users: found.map((row) => {
      const n = Number(row.n)
      const total = n > 0 ? Number(row.engagement) : null
      const average = total === null ? null : twoDecimals(total / n)
      return {
        user_id: row.author_id,
        username: row.handle,
        platform: row.platform as TopUsers['users'][number]['platform'],
        total_engagement: total,
        post_count: Number(row.posts),
        avg_engagement_per_post: average,
        n,
        reasons: whyNull(
          { total_engagement: total, avg_engagement_per_post: average },
          'not_reported',
        ),
      }
    }),
    limit,
    total_count: await countUsers(ctx.em, platform ?? null),
    ...(await allTimeFrameOf(ctx, { platform })),
    definitions: definitionsOf(['engagement', 'average_per_post']),
  }
}
