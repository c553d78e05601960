import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { WorldTime } from '../clock/world-time.ts'
import type { World } from '../world/world.ts'
import { loadReddit } from './reddit.real.ts'
import { files } from './rows.ts'
import { loadTwitch } from './twitch.real.ts'
import { loadX } from './x.real.ts'
import { loadYoutube } from './youtube.real.ts'

/** Real posts with their own numbers, read from a folder of `.jsonl.gz` files when asked for. */
export function createRealWorld(folder: string, time: WorldTime): World {
  if (!Object.values(files).some((name) => existsSync(join(folder, `${name}.jsonl.gz`)))) {
    throw new Error(`No posts to serve in ${folder}: it holds none of the known .jsonl.gz files`)
  }
  const twitch = once(() => loadTwitch(folder, time))
  const x = once(() => loadX(folder))
  const youtube = once(() => loadYoutube(folder))
  const reddit = once(() => loadReddit(folder))
  const parts = { twitch, twitter: x, youtube, reddit }
  return {
    name: `real posts from ${folder}`,
    twitch,
    x,
    youtube,
    reddit,
    sources: async (platform) => (await parts[platform]()).list(),
  }
}

function once<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loading: Promise<Value> | null = null
  return () => {
    loading ??= load()
    return loading
  }
}
