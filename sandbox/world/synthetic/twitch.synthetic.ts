import { dayMs } from '../calendar.ts'
import { randomFor } from '../random.ts'
import { sentence } from '../text/composer.ts'
import type { TwitchChannel, TwitchVideo, TwitchWorld } from '../twitch.world.ts'
import type { SourceListing } from '../world.ts'
import { gameById, gameByName } from './games.ts'
import { createRoster, hasLeft, listing, numericId, type Profile } from './roster.ts'
import { firstDayOfHistory, type Setting } from './setting.ts'
import { createSessions, type Session, type Sessions, viewersAt } from './twitch.sessions.ts'

type Channel = Profile & { id: string; sessions: Sessions }

/** Recordings are kept for two weeks, as Twitch keeps those of affiliates. */
const recordingDays = 14

export function createTwitch(setting: Setting): TwitchWorld & { list: () => SourceListing[] } {
  const channels = createRoster(setting, {
    platform: 'twitch',
    count: 150,
    perDay: 0,
    maxPerDay: 1,
    medianAudience: 9000,
    firstDay: firstDayOfHistory(setting),
    fates: [
      { standing: 'gone', every: 29, at: 17 },
      { standing: 'leaves', every: 75, at: 40 },
    ],
  }).map((profile) => ({
    ...profile,
    id: numericId(20_000_000, 900_000_000, setting.seed, 'twitch-id', profile.index),
    sessions: createSessions(setting, profile),
  }))
  const byId = new Map(channels.map((channel) => [channel.id, channel]))
  const byLogin = new Map(channels.map((channel) => [channel.handle.toLowerCase(), channel]))
  const show = (channel: Channel | undefined) =>
    channel && !hasLeft(setting, channel) ? presentChannel(setting, channel) : null
  const videosOf = (channel: Channel) => recordings(setting, channel)
  return {
    list: () => channels.map((channel) => listing('twitch', channel, channel.id)),
    channelById: (id) => show(byId.get(id)),
    channelByLogin: (login) => show(byLogin.get(login.toLowerCase())),
    liveChannels: () =>
      channels.flatMap((channel) => show(channel) ?? []).filter(({ stream }) => stream),
    videos: (id) => videosOf(byId.get(id) ?? raise(id)),
    // The channel is in a recording's id, see `recordings`.
    video: (id) => {
      const channel = channels[Math.floor((Number(id) - firstVideoId) / 16384)]
      return (channel && videosOf(channel).find((video) => video.id === id)) ?? null
    },
    schedule: (id) => segments(setting, byId.get(id) ?? raise(id)),
    gameById,
    gameByName,
  }
}

function raise(id: string): never {
  throw new RangeError(`No channel ${id}`)
}

function presentChannel(setting: Setting, channel: Channel): TwitchChannel {
  const { seed, time } = setting
  const now = time.now()
  const session = channel.sessions.running(now)
  const last = session ?? channel.sessions.lastBefore(now)
  const part = last?.parts.findLast((each) => each.fromMs <= now)
  const followers = channel.audience(now)
  const random = randomFor(seed, 'twitch-bio', channel.index)
  return {
    id: channel.id,
    login: channel.handle.toLowerCase(),
    displayName: channel.handle,
    description: sentence(random, channel.topic, 'thoughtful', channel.lang),
    broadcasterType: followers > 20_000 ? 'partner' : followers > 1000 ? 'affiliate' : '',
    createdAt: new Date(channel.createdMs),
    language: channel.lang,
    mature: channel.index % 11 === 4,
    tags: [
      random.pick(['Chill', 'English', 'Educational', 'Cozy', 'Competitive']),
      channel.topic.id,
    ],
    title: part?.title ?? '',
    game: part?.game ?? null,
    followers,
    stream:
      session && part ? stream(setting, session, part, viewersAt(channel, session, now)) : null,
  }
}

const stream = (
  { time }: Setting,
  session: Session,
  part: Session['parts'][number],
  viewers: number,
) => ({
  id: session.id,
  startedAt: new Date(time.presented(session.startMs)),
  title: part.title,
  game: part.game,
  viewers,
})

const firstVideoId = 2_000_000_000

function recordings({ seed, time }: Setting, channel: Channel): TwitchVideo[] {
  const now = time.now()
  return channel.sessions.ended(now, recordingDays).map((session) => {
    const random = randomFor(seed, 'recording', session.id)
    const ageDays = (now - session.endMs) / dayMs
    const final = channel.audience(session.startMs) * channel.charm * random.between(0.05, 0.4)
    return {
      id: String(firstVideoId + channel.index * 16384 + (session.day % 16384)),
      channelId: channel.id,
      streamId: session.id,
      title: session.parts[0]?.title ?? '',
      createdAt: new Date(time.presented(session.startMs)),
      durationS: Math.round(
        (time.presented(session.endMs) - time.presented(session.startMs)) / 1000,
      ),
      views: Math.floor(final * (1 - Math.exp(-ageDays / 2))),
    }
  })
}

function segments({ time }: Setting, channel: Channel) {
  if (channel.index % 3 === 0) return []
  return channel.sessions.planned(time.now()).map((session) => ({
    id: Buffer.from(JSON.stringify({ segmentID: session.id })).toString('base64'),
    startsAt: new Date(time.presented(session.startMs)),
    endsAt: new Date(time.presented(session.endMs)),
    title: session.parts[0]?.title ?? '',
    game: session.parts[0]?.game ?? null,
  }))
}
