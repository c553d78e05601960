import { type Figure, figure } from '../frame/figure.ts'
import { figureOf, meansOfRatios, perPostOf, ratiosOfSums, rounded } from './figures.ts'
import type { Consistency, StreamSums } from './streams.queries.ts'
import type { Sums } from './sums.queries.ts'

/** Each platform by the figures that people know it by. */
export function twitterFigures(sums: Sums) {
  return {
    posts: sums.posts,
    engagementRate: meansOfRatios(sums).erByFollowers,
    engagementRateOfSums: ratiosOfSums(sums).erByFollowers,
    erByViews: meansOfRatios(sums).erByViews,
    engagementPerPost: perPostOf(sums).engagement,
  }
}

export function youtubeFigures(sums: Sums) {
  return {
    posts: sums.posts,
    likeRate: meansOfRatios(sums).likeRate,
    likeRateOfSums: ratiosOfSums(sums).likeRate,
    likeRatio: figure('youtube_like_ratio', null, 0, 'dislikes_not_public'),
    erByViews: meansOfRatios(sums).erByViews,
    viewsPerPost: perPostOf(sums).views,
  }
}

export function redditFigures(sums: Sums) {
  return {
    posts: sums.posts,
    upvoteRatio: meansOfRatios(sums).upvoteRatio,
    engagementPerPost: perPostOf(sums).engagement,
  }
}

export function twitchFigures(found: StreamSums, consistency: Consistency) {
  const ofStreams = (definition: Parameters<typeof figureOf>[0], value: number | null): Figure =>
    figureOf(definition, value ?? Number.NaN, found.sampled, found.streams)
  return {
    streams: found.streams,
    averageViewers: ofStreams('average_viewers', found.averages / found.sampled),
    averageViewersOfSums: ofStreams('average_viewers_of_sums', found.viewer_s / found.sampled_s),
    peakViewers: ofStreams('peak_viewers', found.peak),
    hoursWatched: ofStreams('hours_watched', found.watched_s / 3_600),
    hoursLive: figureOf('hours_live', found.live_s / 3_600, found.streams, found.streams),
    consistency: figure(
      'stream_consistency',
      consistency.share === null ? null : rounded(consistency.share),
      consistency.sources,
      'no_whole_week_of_a_watched_source',
    ),
  }
}
