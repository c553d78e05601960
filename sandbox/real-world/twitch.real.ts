import type { WorldTime } from '../clock/world-time.ts'
import { hash32 } from '../world/random.ts'
import type { TwitchChannel, TwitchWorld } from '../world/twitch.world.ts'
import type { SourceListing } from '../world/world.ts'
import { readRows } from './jsonl.ts'
import { files, StreamerRow } from './rows.ts'

/** All are live since the epoch, with their average of viewers: the file has no broadcasts. */
export async function loadTwitch(
  folder: string,
  time: WorldTime,
): Promise<TwitchWorld & { list: () => SourceListing[] }> {
  const startedAt = new Date(Math.min(time.epochMs, time.presented(time.now())))
  const rows = await readRows(folder, files.streamers, StreamerRow)
  const channels = rows.map((row) => channelOf(row, startedAt))
  const byId = new Map(channels.map((channel) => [channel.id, channel]))
  const byLogin = new Map(channels.map((channel) => [channel.login, channel]))
  return {
    list: () => channels.map(listing),
    channelById: (id) => byId.get(id) ?? null,
    channelByLogin: (login) => byLogin.get(login.toLowerCase()) ?? null,
    liveChannels: () => channels,
    videos: () => [],
    video: () => null,
    schedule: () => [],
    gameById: () => null,
    gameByName: () => null,
  }
}

/** Some names were cut out of "displayed name (login)" and kept the bracket. */
export const loginOf = (row: StreamerRow) => row.channel.replace(/\)$/, '').toLowerCase()

export const streamIdOf = (row: StreamerRow) =>
  String(40_000_000_000 + hash32('stream', loginOf(row)))

function channelOf(row: StreamerRow, startedAt: Date): TwitchChannel {
  return {
    id: String(10_000_000 + (hash32('twitch', loginOf(row)) % 900_000_000)),
    login: loginOf(row),
    displayName: row.channel.replace(/\)$/, ''),
    description: '',
    broadcasterType: row.partnered ? 'partner' : 'affiliate',
    createdAt: new Date(Date.UTC(2015, 0, 1)),
    language: languages[row.language] ?? 'other',
    mature: row.mature,
    tags: [],
    title: '',
    game: null,
    followers: row.followers,
    stream: { id: streamIdOf(row), startedAt, title: '', game: null, viewers: row.average_viewers },
  }
}

const languages: Record<string, string> = {
  Arabic: 'ar',
  Chinese: 'zh',
  Czech: 'cs',
  English: 'en',
  French: 'fr',
  German: 'de',
  Hungarian: 'hu',
  Italian: 'it',
  Japanese: 'ja',
  Korean: 'ko',
  Polish: 'pl',
  Portuguese: 'pt',
  Russian: 'ru',
  Slovak: 'sk',
  Spanish: 'es',
  Thai: 'th',
  Turkish: 'tr',
}

const listing = ({ login, id, displayName }: TwitchChannel): SourceListing => ({
  platform: 'twitch',
  handle: login,
  externalId: id,
  title: displayName,
  habit: 'real',
})
