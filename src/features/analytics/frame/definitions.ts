import { z } from 'zod'

/**
 * Every figure names the definition that it follows. Formulas are of one post; an average is the mean
 * of the posts' ratios, a `ratio_of_sums` is what its name says, and the two differ.
 */
export const definitions = {
  engagement: {
    formula: 'likes + comments + shares; Reddit: max(score, 0) + comments; Twitch: not reported',
    unit: 'interactions',
  },
  er_by_followers: {
    formula:
      'engagement / followers at the look nearest to publication × 100 (seed: Twitter engagement rate)',
    unit: '%',
  },
  er_by_views: { formula: 'engagement / views × 100', unit: '%' },
  er_by_reach: {
    formula: 'engagement / people reached × 100; no platform reports reach to us',
    unit: '%',
  },
  like_rate: { formula: 'likes / views × 100 (seed 003: engagement_rate)', unit: '%' },
  youtube_like_ratio: {
    formula:
      'likes / (likes + dislikes) × 100; dislikes have not been public since 2021: like_rate instead',
    unit: '%',
  },
  er_by_followers_of_sums: {
    formula: 'sum of engagement / sum of followers × 100 over posts that tell both',
    unit: '%',
  },
  er_by_views_of_sums: {
    formula: 'sum of engagement / sum of views × 100 over posts that tell both',
    unit: '%',
  },
  like_rate_of_sums: {
    formula: 'sum of likes / sum of views × 100 over posts that tell both',
    unit: '%',
  },
  upvote_ratio: { formula: 'upvotes / (upvotes + downvotes), as Reddit says it', unit: 'share' },
  average_viewers: {
    formula:
      'mean over streams of each one’s viewers, weighted by the time between samples (trapezoids); streams that follow each other within 15 minutes are one',
    unit: 'viewers',
  },
  average_viewers_of_sums: {
    formula:
      'viewer-seconds of all streams / seconds between their samples; long streams decide it',
    unit: 'viewers',
  },
  viewers: {
    formula: 'people who watch a stream at the same time, as Twitch says it',
    unit: 'viewers',
  },
  peak_viewers: { formula: 'greatest viewer sample of a stream', unit: 'viewers' },
  hours_watched: {
    formula: 'average viewers × hours from start to end (or to the last look), summed over streams',
    unit: 'hours',
  },
  hours_live: {
    formula: 'hours from start to end (or to the last look), summed over streams',
    unit: 'hours',
  },
  streams: {
    formula:
      'streams that began in the period; those that follow each other within 15 minutes are one',
    unit: 'streams',
  },
  stream_consistency: {
    formula:
      'weeks with a stream / whole UTC weeks of the period since its monitoring began; mean over sources',
    unit: 'share',
  },
  times_the_median: {
    formula:
      'the post’s number near an age / median of its source’s posts of the same kind near that age (up to 100 before it and 100 after it)',
    unit: 'times',
  },
  median_at_age: {
    formula: 'middle of the posts’ numbers at the sample nearest to the age',
    unit: 'of the measure',
  },
  times_the_others: {
    formula:
      '(1 + median at that age) / (1 + median of all other groups’ posts), interval by Price and Bonett (2002), together 95 % over the groups of an answer',
    unit: 'times',
  },
  posting_frequency: { formula: 'posts / days that were observed', unit: 'posts a day' },
  total_engagements: {
    formula:
      'views + engagement, each as far as it is told (seed 003: each view counts as one engagement)',
    unit: 'interactions',
  },
  average_per_post: { formula: 'sum over posts / posts that tell it', unit: 'per post' },
  median_of_authors: {
    formula: 'middle of the authors’ averages per post, one voice an author (PERCENTILE_CONT 0.5)',
    unit: 'per post',
  },
  share_of_total: {
    formula:
      'part / sum over all posts of the period, those without author or category too, comments not',
    unit: 'share',
  },
  opportunity_score: {
    formula:
      '(median of the category’s authors - own average) × own posts, rounded half up, 0 above the median',
    unit: 'interactions',
  },
  author_rank: {
    formula: '1 + how many authors of the category have more in the period; equals share a rank',
    unit: 'rank',
  },
  weekday_ratio: {
    formula: 'per hour of Monday to Friday / per hour of Saturday and Sunday',
    unit: 'times',
  },
  engagement_at_24h: {
    formula: 'mean engagement of posts at the look nearest to 24 hours of age',
    unit: 'interactions a post',
  },
  growth_rate: { formula: '(last - first) / first', unit: 'share' },
  compound: {
    formula: 'positive - negative weight of the model, mean over texts',
    unit: '-1 to 1',
  },
  sentiment_share: {
    formula:
      'texts of the class / texts with a score; the class with the most weight, a tie is neutral, a person’s label wins; Wilson’s interval',
    unit: 'share',
  },
  label_agreement: {
    formula:
      'labels by people that the model’s class equals / labels; what people choose to label is no random sample',
    unit: 'share',
  },
  macro_recall: {
    formula: 'mean, over the classes that occur, of the share that is recognised',
    unit: 'share',
  },
  cohens_kappa: {
    formula: '(agreement - agreement by chance) / (1 - agreement by chance)',
    unit: '-1 to 1',
  },
  stability_index: {
    formula:
      'Σ (share now - share before) × ln(share now / share before) of the model’s classes; below 0.1 stable, above 0.25 a shift',
    unit: 'nats',
  },
  chi_square_p: {
    formula:
      'chance of classes at least so different if nothing had changed and texts were independent (Pearson)',
    unit: 'share',
  },
  posts: {
    formula: 'posts that were published then and collected; comments are not counted',
    unit: 'posts',
  },
  views: { formula: 'views as of the newest look, summed over posts', unit: 'views' },
  likes: { formula: 'likes as of the newest look, summed over posts', unit: 'likes' },
  comments: {
    formula: 'comments that posts report, as of the newest look, summed',
    unit: 'comments',
  },
  shares: { formula: 'shares as of the newest look, summed over posts', unit: 'shares' },
  score: { formula: 'upvotes - downvotes as Reddit says it, summed over posts', unit: 'points' },
  engagement_per_post: {
    formula: 'engagement / posts that report it',
    unit: 'interactions a post',
  },
  views_per_post: { formula: 'views / posts that report them', unit: 'views a post' },
  followers: {
    formula:
      'followers (subscribers, members) at the last look of the day, or of the days that share a point',
    unit: 'people',
  },
  daily_growth: { formula: '(last / first) ^ (1 / days) - 1', unit: 'share a day' },
  moving_average: {
    formula: 'mean of the known values of the last season: 24 hours, 7 days or 4 weeks',
    unit: 'of the metric',
  },
  forecast: {
    formula:
      'the method with the least MASE on the series’ own past (rolling origin), intervals from its own errors',
    unit: 'of the metric',
  },
  anomaly: {
    formula:
      '(actual - expected by level and season) / (1.4826 × median absolute residual); of counts on the scale 2√(x + 3/8), by 1 at least; of others by 1 / √2 of the spread of changes from season to season at least',
    unit: 'standard deviations',
  },
  posting_lift: {
    formula:
      'exp of the slot’s shrunken effect on ln(1 + engagement 24 h after publication), of streams ln(1 + average viewers), beyond author, kind of content and month',
    unit: 'times the usual',
  },
  measured_lift: {
    formula:
      'exp(difference of ln(1 + metric 24 h after publication)) - 1: treated posts against the others of their sources (posting times: and of their thirty days); of coached authors, how they changed against how others did',
    unit: 'share',
  },
  tag_posts: { formula: 'posts that carry the hashtag, by time of publication', unit: 'posts' },
  tag_surprise: {
    formula:
      'z = (authors - expected) / deviation of a negative binomial; expected from the authors at the same hour of the 3 weeks before and the usual rate of posts (a few more than authors) × the hour’s factor; listed from z 5.5 and 5 authors on, where no author wrote half of the posts',
    unit: 'standard deviations',
  },
  tag_growth: {
    formula:
      'rate of posts / rate in the window before, both per observed time; interval of Poisson rates given their sum (Wilson); listed where the chance stands at a false discovery rate of 5 %',
    unit: 'times',
  },
  cooccurrence_rate: { formula: '|A∩B| / |A|: of the posts with A, those with B', unit: 'share' },
  tag_lift: { formula: '|A∩B| × posts / (|A| × |B|); 1: as by chance', unit: 'times' },
  tag_npmi: {
    formula: 'ln lift / -ln(|A∩B| / posts): -1 never, 1 always together',
    unit: '-1 to 1',
  },
  tag_jaccard: { formula: '|A∩B| / |A∪B|', unit: 'share' },
  thread_size: { formula: 'the post and its comments', unit: 'nodes' },
  thread_depth: { formula: 'answers from the post to its farthest comment', unit: 'answers' },
  thread_breadth: { formula: 'the most comments at one depth', unit: 'comments' },
  structural_virality: {
    formula: 'mean distance of all pairs of nodes of the thread (Goel et al. 2016)',
    unit: 'answers',
  },
  thread_half_time: {
    formula: 'time from the post until half of its comments were there',
    unit: 'seconds',
  },
  chain_engagement: {
    formula:
      'likes, on Reddit max(score, 0), of the comments of a chain, as far as told; a chain runs from an answer to the post downwards',
    unit: 'interactions',
  },
} as const
export type DefinitionId = keyof typeof definitions

export const DefinitionView = z.object({ id: z.string(), formula: z.string(), unit: z.string() })

/** The definitions that an answer uses, spelt out beside it. */
export const definitionsOf = (ids: readonly DefinitionId[]): z.infer<typeof DefinitionView>[] =>
  ids.map((id) => ({ id, ...definitions[id] }))
