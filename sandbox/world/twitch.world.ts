export type Game = { id: string; name: string }

export type TwitchChannel = {
  id: string
  login: string
  displayName: string
  description: string
  broadcasterType: 'partner' | 'affiliate' | ''
  createdAt: Date
  language: string
  mature: boolean
  tags: string[]
  /** As the channel page shows it, live or not. */
  title: string
  game: Game | null
  followers: number
  stream: TwitchStream | null
}

type TwitchStream = {
  id: string
  startedAt: Date
  title: string
  game: Game | null
  viewers: number
}

export type TwitchVideo = {
  id: string
  channelId: string
  streamId: string
  title: string
  createdAt: Date
  durationS: number
  views: number
}

export type TwitchSegment = {
  id: string
  startsAt: Date
  endsAt: Date
  title: string
  game: Game | null
}

export type TwitchWorld = {
  channelByLogin: (login: string) => TwitchChannel | null
  channelById: (id: string) => TwitchChannel | null
  liveChannels: () => TwitchChannel[]
  /** Newest first. */
  videos: (channelId: string) => TwitchVideo[]
  video: (id: string) => TwitchVideo | null
  schedule: (channelId: string) => TwitchSegment[]
  gameById: (id: string) => Game | null
  gameByName: (name: string) => Game | null
}
