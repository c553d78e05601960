import type { Context } from '../../../context.ts'
import { lastMinutes, type Range } from './period.ts'
import { readTop } from './redis-counters.ts'
import { countState, countTags, type TagCount } from './tag-counts.queries.ts'

export type TrendingQuestion = {
  windowMinutes: number
  k: number
  platform?: string | undefined
}
export type Trending = Range & { hashtags: TagCount[]; store: 'redis' | 'postgres' }

/**
 * The most used tags of the last minutes. From Redis where it holds exactly what PostgreSQL knows, else
 * from PostgreSQL: the answer is the same. Redis keeps no platforms apart.
 */
export async function findTrending(
  ctx: Pick<Context, 'em' | 'clock' | 'hints'>,
  workspaceId: string,
  { windowMinutes, k, platform }: TrendingQuestion,
): Promise<Trending> {
  const range = lastMinutes(ctx.clock.now(), windowMinutes)
  if (ctx.hints.configured && !platform) {
    const { version, waiting } = await countState(ctx.em, range.from - 3_600_000)
    if (version !== null && !waiting) {
      const hashtags = await readTop(ctx.hints, { ...range, workspaceId, version, k })
      if (hashtags) return { ...range, hashtags, store: 'redis' }
    }
  }
  const hashtags = await countTags(ctx.em, { ...range, platform, most: k })
  return { ...range, hashtags, store: 'postgres' }
}
