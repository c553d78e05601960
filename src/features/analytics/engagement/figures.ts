import type { DefinitionId } from '../frame/definitions.ts'
import { type Figure, figure, ofBillionths } from '../frame/figure.ts'
import type { Sums } from './sums.queries.ts'

/** Four digits behind the point: more would pretend to more than the platforms' counts hold. */
export const rounded = (value: number): number => Math.round(value * 10_000) / 10_000

/** `posts` that tell it may be none of many: a platform that does not report it is no empty period. */
export const figureOf = (
  definition: DefinitionId,
  value: number,
  n: number,
  posts: number,
): Figure =>
  figure(definition, n === 0 ? null : rounded(value), n, posts === 0 ? 'no_posts' : 'not_reported')

const counted = ['views', 'likes', 'comments', 'shares', 'engagement'] as const

function totalsOf(sums: Sums) {
  const total = (name: (typeof counted)[number]) =>
    figureOf(name, sums[name], sums[`${name}_n`], sums.posts)
  return {
    posts: sums.posts,
    views: total('views'),
    likes: total('likes'),
    comments: total('comments'),
    shares: total('shares'),
    engagement: total('engagement'),
  }
}

export function perPostOf(sums: Sums) {
  const mean = (definition: DefinitionId, name: (typeof counted)[number]) =>
    figureOf(definition, sums[name] / sums[`${name}_n`], sums[`${name}_n`], sums.posts)
  return {
    engagement: mean('engagement_per_post', 'engagement'),
    views: mean('views_per_post', 'views'),
    likes: mean('average_per_post', 'likes'),
    comments: mean('average_per_post', 'comments'),
    shares: mean('average_per_post', 'shares'),
  }
}

const byReach = () => figure('er_by_reach', null, 0, 'reach_not_reported')

/** Each post's own ratio, then their mean: every post has one voice. */
export function meansOfRatios(sums: Sums) {
  const mean = (
    definition: DefinitionId,
    name: 'er_views' | 'er_followers' | 'like_rate' | 'upvote',
    times: number,
  ) => {
    const n = sums[`${name}_n`]
    return figureOf(definition, (times * ofBillionths(sums[name])) / n, n, sums.posts)
  }
  return {
    erByFollowers: mean('er_by_followers', 'er_followers', 100),
    erByViews: mean('er_by_views', 'er_views', 100),
    erByReach: byReach(),
    likeRate: mean('like_rate', 'like_rate', 100),
    upvoteRatio: mean('upvote_ratio', 'upvote', 1),
  }
}

/** One ratio of two sums over the same posts: large posts decide it. */
export function ratiosOfSums(sums: Sums) {
  const ratio = (definition: DefinitionId, name: 'er_views' | 'er_followers' | 'like_rate') =>
    figureOf(
      definition,
      (100 * sums[`${name}_part`]) / sums[`${name}_whole`],
      sums[`${name}_n`],
      sums.posts,
    )
  return {
    erByFollowers: ratio('er_by_followers_of_sums', 'er_followers'),
    erByViews: ratio('er_by_views_of_sums', 'er_views'),
    erByReach: byReach(),
    likeRate: ratio('like_rate_of_sums', 'like_rate'),
  }
}

/** What is told of any set of posts. */
export const figuresOf = (sums: Sums) => ({
  totals: totalsOf(sums),
  perPost: perPostOf(sums),
  meansOfRatios: meansOfRatios(sums),
  ratiosOfSums: ratiosOfSums(sums),
})
