import type { HelixChannel, HelixSchedule } from '@twurple/api'
import type { Json } from '../../core/json.ts'
import { fieldsBeyond } from '../answer-shape.ts'
import { noMetrics, type PlatformPost } from '../platform.ts'
import { distinct, hashtagOf, hashtagsIn, mentionsIn } from '../text.ts'
import type { Stream } from './twitch.shapes.ts'

const mapped = [
  ...['id', 'user_id', 'user_login', 'user_name', 'game_name', 'title', 'viewer_count'],
  ...['started_at', 'language', 'game_id', 'is_mature', 'thumbnail_url', 'tags'],
]

/** A running stream is a post whose samples are its viewers. */
export function postOf(stream: Stream, startedAt: Date): PlatformPost {
  const handle = stream.user_login || stream.user_name?.toLowerCase() || stream.user_id
  const title = stream.title || null
  const tags = stream.tags ?? []
  return {
    externalId: stream.id,
    kind: 'stream',
    author: {
      externalId: stream.user_id,
      handle,
      displayName: stream.user_name || null,
      followers: null,
    },
    title,
    body: null,
    url: `https://www.twitch.tv/${handle}`,
    lang: languageOf(stream.language),
    hashtags: distinct(
      tags.flatMap((tag) => hashtagOf(tag) ?? []),
      hashtagsIn(title),
    ),
    mentions: mentionsIn(title),
    replyTo: null,
    category: stream.game_name || null,
    publishedAt: startedAt,
    metrics: { ...noMetrics, viewers: stream.viewer_count ?? null },
    extra: {
      gameId: stream.game_id || null,
      isMature: stream.is_mature ?? null,
      thumbnailUrl: stream.thumbnail_url || null,
      tags,
      ...fieldsBeyond(stream, mapped),
    },
  }
}

/** The channel as it stands, live or not: the title and game of its last stream. */
export const channelDetails = (channel: HelixChannel): { [key: string]: Json } => ({
  login: channel.name || null,
  displayName: channel.displayName || null,
  channelTitle: channel.title || null,
  gameId: channel.gameId || null,
  game: channel.gameName || null,
  language: languageOf(channel.language),
  tags: channel.tags ?? [],
})

export function scheduleDetails(schedule: HelixSchedule): { [key: string]: Json } {
  return {
    segments: schedule.segments.map((segment) => ({
      id: segment.id,
      title: segment.title || null,
      startsAt: isoOf(segment.startDate),
      endsAt: isoOf(segment.endDate),
      canceledUntil: isoOf(segment.cancelEndDate),
      category: segment.categoryName,
      recurring: segment.isRecurring ?? null,
    })),
    vacationFrom: isoOf(schedule.vacationStartDate),
    vacationUntil: isoOf(schedule.vacationEndDate),
  }
}

/** Twitch says 'other' for languages that it does not list. */
const languageOf = (code: string | null | undefined) => (code && code !== 'other' ? code : null)

const isoOf = (date: Date | null) =>
  date && !Number.isNaN(date.getTime()) ? date.toISOString() : null
