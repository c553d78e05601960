import { reddit } from './reddit/reddit.platform.ts'
import { twitch } from './twitch/twitch.platform.ts'
import { twitter } from './twitter/twitter.platform.ts'
import { youtube } from './youtube/youtube.platform.ts'

/** A new platform is its folder and one line here; the shared contract test then runs on it. */
export const platforms = { twitch, twitter, youtube, reddit }
export type PlatformId = keyof typeof platforms
export const platformIds = Object.keys(platforms) as [PlatformId, ...PlatformId[]]
