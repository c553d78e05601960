import type { WorldTime } from '../../clock/world-time.ts'
import type { PlatformId, World } from '../world.ts'
import { createReddit } from './reddit.synthetic.ts'
import { createTwitch } from './twitch.synthetic.ts'
import { createX } from './x.synthetic.ts'
import { createYoutube } from './youtube.synthetic.ts'

/** The invented world: everything in it is a function of the seed and the time. */
export function createSyntheticWorld(seed: number, time: WorldTime): World {
  const setting = { seed, time }
  const twitch = createTwitch(setting)
  const x = createX(setting)
  const youtube = createYoutube(setting)
  const reddit = createReddit(setting)
  const parts = { twitch, twitter: x, youtube, reddit }
  return {
    name: `synthetic, seed ${seed}`,
    twitch: async () => twitch,
    x: async () => x,
    youtube: async () => youtube,
    reddit: async () => reddit,
    sources: async (platform: PlatformId) => parts[platform].list(),
  }
}
