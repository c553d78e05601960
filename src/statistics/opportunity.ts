import { median } from './quantile.ts'

export type AuthorInCategory = {
  author: string
  category: string
  posts: number
  /** Mean engagement a post. */
  average: number
}

export type Segment =
  | 'high_volume_high_engagement'
  | 'high_volume_low_engagement'
  | 'undiscovered_quality'
  | 'low_volume_low_engagement'

export type Opportunity = AuthorInCategory & {
  /** Median of the category's authors' averages. */
  categoryMedian: number
  categoryMedianPosts: number
  segment: Segment
  /** (median - average) · posts, rounded half up: what it would bring to reach the median. 0 above it. */
  opportunityScore: number
}

/** Rounds half up, as PostgreSQL's round(numeric) does for what is not negative. */
const roundHalfUp = (value: number) => Math.floor(Number((value + 0.5).toFixed(9)))

/** The seed's formula for one row. */
export const opportunityScore = (
  { posts, average }: Pick<AuthorInCategory, 'posts' | 'average'>,
  categoryMedian: number,
): number => Math.max(0, roundHalfUp((categoryMedian - average) * posts))

/**
 * Volume against engagement within each category: who writes much and reaches less than the middle
 * (worth coaching), and who writes little that does well (worth discovering).
 */
export function opportunities(rows: readonly AuthorInCategory[]): Opportunity[] {
  const categories = [...Map.groupBy(rows, ({ category }) => category).values()]
  return categories.flatMap((own) => {
    const categoryMedian = median(own.map(({ average }) => average)) ?? 0
    const categoryMedianPosts = median(own.map(({ posts }) => posts)) ?? 0
    return own.map((row) => ({
      ...row,
      categoryMedian,
      categoryMedianPosts,
      segment: segmentOf(row.posts >= categoryMedianPosts, row.average >= categoryMedian),
      opportunityScore: opportunityScore(row, categoryMedian),
    }))
  })
}

function segmentOf(much: boolean, well: boolean): Segment {
  if (much) return well ? 'high_volume_high_engagement' : 'high_volume_low_engagement'
  return well ? 'undiscovered_quality' : 'low_volume_low_engagement'
}
