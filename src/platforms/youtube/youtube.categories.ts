import { categoriesOf } from './youtube.calls.ts'
import type { YoutubeClient } from './youtube.client.ts'

/** Public facts that hardly ever change: asked for once a process and server. */
const known = new Map<string, Map<string, string>>()

export async function categoryNames(client: YoutubeClient): Promise<Map<string, string>> {
  const names = known.get(client.origin) ?? (await categoriesOf(client))
  known.set(client.origin, names)
  return names
}
