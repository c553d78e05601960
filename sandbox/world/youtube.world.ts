export type YoutubeChannel = {
  id: string
  /** Without the '@'. */
  handle: string
  legacyUsername: string | null
  title: string
  description: string
  createdAt: Date
  country: string | null
  uploadsPlaylistId: string
  /** Counted only when asked for: it goes through all the channel's videos. */
  statistics: () => ChannelStatistics
}

/** null: hidden, or not known to this world. */
export type ChannelStatistics = {
  subscribers: number | null
  views: number | null
  videoCount: number
}

export type VideoRef = { id: string; channelId: string; presentedMs: number }

export type YoutubeVideo = VideoRef & {
  title: string
  description: string
  tags: string[]
  categoryId: string
  lang: string | null
  durationS: number
  views: number
  /** null: the owner hides it. */
  likes: number | null
  /** null: comments are off. */
  comments: number | null
}

export type YoutubeComment = {
  id: string
  authorName: string
  authorChannelId: string
  text: string
  presentedMs: number
  likes: number
}

export type YoutubeThread = YoutubeComment & { replies: YoutubeComment[] }

/** A thread before its words are written, with the places of the comments that answer it. */
export type ThreadRef = { index: number; presentedMs: number; likes: number; replies: CommentRef[] }
export type CommentRef = { index: number; presentedMs: number; likes: number }

export type YoutubeWorld = {
  channelById: (id: string) => YoutubeChannel | null
  channelByHandle: (handle: string) => YoutubeChannel | null
  channelByUsername: (username: string) => YoutubeChannel | null
  channelByPlaylist: (playlistId: string) => YoutubeChannel | null
  channels: () => YoutubeChannel[]
  /** Newest first, without what was deleted since. */
  uploads: (channelId: string) => VideoRef[]
  video: (id: string) => YoutubeVideo | null
  /** In order of writing. */
  threads: (videoId: string) => ThreadRef[]
  thread: (videoId: string, ref: ThreadRef) => YoutubeThread | null
  /** A thread by its own id. */
  threadById: (id: string) => { videoId: string; thread: YoutubeThread } | null
}
