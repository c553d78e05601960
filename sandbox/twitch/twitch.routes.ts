import { type Answer, jsonAnswer } from '../http/answer.ts'
import type { Route } from '../http/platform-api.ts'
import type { SandboxRequest } from '../http/request.ts'
import type { TwitchWorld } from '../world/twitch.world.ts'
import type { World } from '../world/world.ts'
import { twitchError } from './twitch.errors.ts'
import { idsOf, loginsOf, page } from './twitch.paging.ts'
import {
  presentChannel,
  presentGame,
  presentSchedule,
  presentStream,
  presentUser,
  presentVideo,
} from './twitch.presenters.ts'

type Handler = (twitch: TwitchWorld, request: SandboxRequest) => Answer

const badIds = () => twitchError(400, 'Invalid username(s), email(s), or ID(s). Bad Identifiers.')

const users: Handler = (twitch, request) => {
  const ids = idsOf(request, 'id')
  const logins = loginsOf(request, 'login')
  if (!ids || !logins || ids.length + logins.length > 100) return badIds()
  if (ids.length + logins.length === 0) {
    return twitchError(400, 'Must provide an ID, Login or OAuth Token.')
  }
  const found = [
    ...ids.flatMap((id) => twitch.channelById(id) ?? []),
    ...logins.flatMap((login) => twitch.channelByLogin(login) ?? []),
  ]
  return jsonAnswer(200, { data: found.map(presentUser) })
}

const streams: Handler = (twitch, request) => {
  const ids = idsOf(request, 'user_id')
  const logins = loginsOf(request, 'user_login')
  const games = request.query.getAll('game_id')
  const languages = request.query.getAll('language')
  if (!ids || !logins) return twitchError(400, 'The parameter "user_id" was malformed')
  const named = [
    ...ids.flatMap((id) => twitch.channelById(id) ?? []),
    ...logins.flatMap((login) => twitch.channelByLogin(login) ?? []),
  ]
  const candidates = ids.length + logins.length > 0 ? named : twitch.liveChannels()
  const live = candidates
    .filter(({ stream }) => stream && (games.length === 0 || games.includes(stream.game?.id ?? '')))
    .filter(({ language }) => languages.length === 0 || languages.includes(language))
    .toSorted((a, b) => (b.stream?.viewers ?? 0) - (a.stream?.viewers ?? 0))
  return page(request, live, (part) => ({ data: part.flatMap(presentStream) }))
}

const channels: Handler = (twitch, request) => {
  const ids = idsOf(request, 'broadcaster_id')
  if (!ids) return twitchError(400, 'The parameter "broadcaster_id" was malformed')
  if (ids.length === 0) return twitchError(400, 'Missing required parameter "broadcaster_id"')
  const found = ids.flatMap((id) => twitch.channelById(id) ?? [])
  return jsonAnswer(200, { data: found.map(presentChannel) })
}

const games: Handler = (twitch, request) => {
  const ids = idsOf(request, 'id')
  const names = request.query.getAll('name')
  if (!ids || ids.length + names.length > 100) return badIds()
  if (ids.length + names.length === 0) return twitchError(400, 'Missing required parameter "id"')
  const found = [
    ...ids.flatMap((id) => twitch.gameById(id) ?? []),
    ...names.flatMap((name) => twitch.gameByName(name) ?? []),
  ]
  return jsonAnswer(200, { data: found.map(presentGame) })
}

const videos: Handler = (twitch, request) => {
  const ids = idsOf(request, 'id')
  const userId = request.query.get('user_id')
  if (!ids) return twitchError(400, 'The parameter "id" was malformed')
  const channel = userId ? twitch.channelById(userId) : null
  if (ids.length === 0 && !userId) {
    return twitchError(400, 'Must provide one of: id, user_id, game_id')
  }
  const kept = channel ? twitch.videos(channel.id) : ids.flatMap((id) => twitch.video(id) ?? [])
  const type = request.query.get('type') ?? 'all'
  // The world records streams; highlights and uploads are other kinds, of which there are none.
  const wanted = type === 'all' || type === 'archive' ? kept : []
  if (ids.length > 0 && wanted.length === 0) return twitchError(404, 'video not found')
  const sorted =
    request.query.get('sort') === 'views' ? wanted.toSorted((a, b) => b.views - a.views) : wanted
  return page(request, sorted, (part) => ({
    data: part.flatMap((video) => {
      const owner = twitch.channelById(video.channelId)
      return owner ? presentVideo(video, owner) : []
    }),
  }))
}

const schedule: Handler = (twitch, request) => {
  const channel = twitch.channelById(request.query.get('broadcaster_id') ?? '')
  if (!channel) return twitchError(404, 'broadcaster not found')
  const segments = twitch.schedule(channel.id)
  if (segments.length === 0) return twitchError(404, 'segments were not found')
  const answer = page(request, segments, (part) => presentSchedule(channel, [...part]))
  if (answer.status !== 200) return answer
  // Twitch describes the cursor inside the data and sends it beside.
  const data = JSON.parse(answer.body) as { pagination: object }
  return jsonAnswer(200, { data, pagination: data.pagination })
}

/** The list of names needs a moderator's token; the total does not. */
const followers: Handler = (twitch, request) => {
  const channel = twitch.channelById(request.query.get('broadcaster_id') ?? '')
  if (!channel) return twitchError(400, 'The ID in broadcaster_id must match a user.')
  return jsonAnswer(200, { total: channel.followers, data: [], pagination: {} })
}

const handlers: Record<string, Handler> = {
  users,
  streams,
  channels,
  games,
  videos,
  schedule,
  'channels/followers': followers,
}

export const twitchRoutes = (world: World): Route[] =>
  Object.entries(handlers).map(([path, handle]) => ({
    method: 'GET',
    path: new RegExp(`^/helix/${path}$`),
    name: path,
    handle: async (request) => ({ ...handle(await world.twitch(), request), cost: 1 }),
  }))
