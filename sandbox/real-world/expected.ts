import type { PlatformId } from '../world/world.ts'
import { linesOf, parseLine, readLines, readRows } from './jsonl.ts'
import { upvoteRatio } from './reddit.real.ts'
import { EventRow, files, RedditRow, StreamerRow, TimelineRow } from './rows.ts'
import { loginOf, streamIdOf } from './twitch.real.ts'
import { tweetIdOf } from './x.real.ts'
import { channelIdOf, latestVideos } from './youtube.real.ts'

/** One post as the files have it. null: the files do not say, so nobody may report a number. */
export type ExpectedPost = {
  platform: PlatformId
  externalId: string
  /** As in the sandbox's list of sources. */
  sourceHandle: string
  views: number | null
  likes: number | null
  comments: number | null
  shares: number | null
  score: number | null
  upvoteRatio: number | null
  viewers: number | null
}

const nothing = {
  views: null,
  likes: null,
  comments: null,
  shares: null,
  score: null,
  upvoteRatio: null,
  viewers: null,
}

/** X shows no more of a timeline than this. */
const timelineEnd = 3200

/** Everything that can be collected from the folder, straight from its files. */
export async function* expectedPosts(folder: string): AsyncGenerator<ExpectedPost> {
  yield* expectedStreams(folder)
  yield* expectedTweets(folder)
  yield* expectedVideos(folder)
  yield* expectedRedditPosts(folder)
}

async function* expectedStreams(folder: string): AsyncGenerator<ExpectedPost> {
  for (const row of await readRows(folder, files.streamers, StreamerRow)) {
    yield {
      ...nothing,
      platform: 'twitch',
      externalId: streamIdOf(row),
      sourceHandle: loginOf(row),
      viewers: row.average_viewers,
    }
  }
}

async function* expectedTweets(folder: string): AsyncGenerator<ExpectedPost> {
  const timeline = (await readRows(folder, files.timeline, TimelineRow))
    .map((row) => ({ ...row, id: tweetIdOf(row.url) }))
    .toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1))
    .slice(0, timelineEnd)
  for (const { id, user, favorites, replies, retweets } of timeline) {
    yield {
      ...nothing,
      platform: 'twitter',
      externalId: id,
      sourceHandle: user,
      likes: favorites,
      comments: replies,
      shares: retweets,
    }
  }
  for (const { id, user } of await readRows(folder, files.event, EventRow)) {
    yield { ...nothing, platform: 'twitter', externalId: id, sourceHandle: user }
  }
}

async function* expectedVideos(folder: string): AsyncGenerator<ExpectedPost> {
  for (const row of await latestVideos(folder)) {
    yield {
      ...nothing,
      platform: 'youtube',
      externalId: row.video_id,
      sourceHandle: channelIdOf(row),
      views: row.views,
      likes: row.likes,
      comments: row.comments,
    }
  }
}

async function* expectedRedditPosts(folder: string): AsyncGenerator<ExpectedPost> {
  const text = await readLines(folder, files.reddit)
  for (const { start, end } of linesOf(text)) {
    const row = parseLine(text, start, end, RedditRow)
    yield {
      ...nothing,
      platform: 'reddit',
      externalId: row.id,
      sourceHandle: row.subreddit,
      comments: row.num_comments,
      score: row.score,
      upvoteRatio: upvoteRatio(row),
    }
  }
}
