import type { PlatformId } from '../../platforms/index.ts'
import type { Api } from './api.ts'

type Credentials = Record<string, string>

/** What the sandbox takes for keys. */
const credentials: Record<PlatformId, Credentials> = {
  twitch: { clientId: 'sandbox-demo', clientSecret: 'sandbox-secret-demo' },
  twitter: { bearerToken: 'sandbox-bearer-demo' },
  youtube: { apiKey: 'sandbox-key-demo' },
  reddit: {
    clientId: 'sandbox-demo',
    clientSecret: 'sandbox-secret-demo',
    userAgent: 'earshot-demo/1.0 (by /u/earshot-demo)',
  },
}

/** The demo spends play money: reading a hundred posts of each account once must fit. */
const limits: Partial<Record<PlatformId, Record<string, number>>> = {
  twitter: { micro_dollars: 5_000_000_000 },
}

type ProfileView = { id: string; platform: PlatformId }
type Listed = { platform: PlatformId; handle: string }
type Added = { counts: { created: number; exists: number; not_found: number; invalid: number } }

const handlesACall = 200

/** The demo's profile of a platform, made the first time. */
async function profileFor(api: Api, platform: PlatformId): Promise<string> {
  const { items } = await api.get<{ items: ProfileView[] }>(`/api/profiles?platform=${platform}`)
  if (items[0]) return items[0].id
  const created = await api.post<ProfileView>('/api/profiles', {
    platform,
    name: 'Sandbox',
    credentials: credentials[platform],
    ...(limits[platform] && { limits: limits[platform] }),
  })
  return created.id
}

export type Watched = { platform: PlatformId; asked: number; created: number; refused: number }

/** Adds what the sandbox offers of one platform, in bulk, and watches it. */
export async function watchPlatform(
  api: Api,
  platform: PlatformId,
  offered: Listed[],
): Promise<Watched> {
  const handles = offered.filter((one) => one.platform === platform).map((one) => one.handle)
  const watched: Watched = { platform, asked: handles.length, created: 0, refused: 0 }
  if (handles.length === 0) return watched
  const profileId = await profileFor(api, platform)
  await api.post(`/api/profiles/${profileId}/verify`, {})
  for (let at = 0; at < handles.length; at += handlesACall) {
    const { counts } = await api.post<Added>('/api/sources', {
      profileId,
      handles: handles.slice(at, at + handlesACall),
      watch: {},
    })
    watched.created += counts.created + counts.exists
    watched.refused += counts.not_found + counts.invalid
  }
  return watched
}

/** What the sandbox's world holds for us to watch, at most `most` a platform. */
export async function offeredSources(sandboxUrl: string, most: number): Promise<Listed[]> {
  const response = await fetch(`${sandboxUrl}/__sandbox/sources`)
  if (!response.ok) throw new Error(`The sandbox did not list its sources (${response.status})`)
  const seen = new Map<string, number>()
  return ((await response.json()) as Listed[]).filter(({ platform }) => {
    const count = (seen.get(platform) ?? 0) + 1
    seen.set(platform, count)
    return count <= most
  })
}
