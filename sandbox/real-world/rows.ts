import { z } from 'zod'

/** The columns that are served, as the files have them. */
export const RedditRow = z.object({
  id: z.string(),
  subreddit: z.string(),
  title: z.string(),
  selftext: z.string().nullable(),
  url: z.string().nullable(),
  created_utc: z.number(),
  score: z.number(),
  ups: z.number(),
  downs: z.number(),
  num_comments: z.number(),
  is_self: z.boolean(),
  over_18: z.boolean(),
  flair: z.string().nullable(),
})
export type RedditRow = z.infer<typeof RedditRow>

export const TimelineRow = z.object({
  user: z.string(),
  text: z.string(),
  url: z.string(),
  replies: z.number(),
  retweets: z.number(),
  favorites: z.number(),
})

export const EventRow = z.object({ id: z.string(), user: z.string(), text: z.string() })

export const VideoRow = z.object({
  video_id: z.string(),
  title: z.string(),
  channel: z.string(),
  category_id: z.number(),
  tags: z.array(z.string()).nullable(),
  views: z.number(),
  likes: z.number(),
  comments: z.number(),
  /** The file of 2018 has these; the panel of 2017 has the day of the count instead. */
  channel_id: z.string().optional(),
  published_at: z.string().optional(),
  description: z.string().nullish(),
  day: z.string().optional(),
})
export type VideoRow = z.infer<typeof VideoRow>

export const StreamerRow = z.object({
  channel: z.string(),
  average_viewers: z.number(),
  followers: z.number(),
  partnered: z.boolean(),
  mature: z.boolean(),
  language: z.string(),
})
export type StreamerRow = z.infer<typeof StreamerRow>

export const files = {
  reddit: 'reddit_top_posts_2013',
  timeline: 'x_timeline_BarackObama',
  event: 'x_event_stream_2017',
  videos2018: 'youtube_trending_2018_11_01',
  videos2017: 'youtube_trending_US_2017',
  streamers: 'twitch_top_streamers_2020',
} as const
