import type { Random } from '../random.ts'
import { displayNameAt, handleAt, type topics } from '../vocabulary.ts'
import type { SeedPlatform, WorldAuthor, WorldSource } from '../world.ts'

export type People = {
  sources: WorldSource[]
  authors: WorldAuthor[]
  /** Who posts where: an account and a channel have one author, a community has many. */
  bySource: Map<string, WorldAuthor[]>
  redditors: WorldAuthor[]
}

const communities = ['askanything', 'makers', 'goodnews', 'weekendplans', 'showyourwork'] as const

/** Most have few followers, a few have very many. */
function followersOf(random: Random): number {
  const share = random.unit()
  return 150 + Math.floor(share * share * share * share * 60_000)
}

const address = (platform: string, name: string) => `https://example.org/${platform}/${name}`

/** As many authors as there are users: some with an account or a channel, the others in communities. */
export function settle(random: Random, users: number): People {
  const accounts = Math.max(1, Math.min(20, Math.floor(users / 20)))
  const channels = Math.max(1, Math.min(10, Math.floor(users / 40)))
  const authors = Array.from({ length: users }, (_, index): WorldAuthor => {
    const platform = platformOf(index, accounts, channels)
    return {
      platform,
      externalId: `${platform}-user-${index + 1}`,
      handle: handleAt(index),
      displayName: displayNameAt(index),
      followers: platform === 'reddit' ? null : followersOf(random),
    }
  })
  const own = authors.slice(0, accounts + channels).map(sourceOf)
  const redditors = authors.slice(accounts + channels)
  const shared = communities.map(
    (name): WorldSource => ({
      platform: 'reddit',
      externalId: `t5_${name}`,
      handle: name,
      title: `r/${name}`,
      url: address('reddit', name),
      followers: 4_000 + random.int(90_000),
    }),
  )
  return {
    sources: [...own, ...shared],
    authors,
    bySource: new Map([
      ...own.map(({ externalId }, index) => [externalId, authors.slice(index, index + 1)] as const),
      ...shared.map(({ externalId }) => [externalId, redditors] as const),
    ]),
    redditors,
  }
}

const platformOf = (index: number, accounts: number, channels: number): SeedPlatform => {
  if (index < accounts) return 'twitter'
  return index < accounts + channels ? 'youtube' : 'reddit'
}

const sourceOf = ({
  platform,
  externalId,
  handle,
  displayName,
  followers,
}: WorldAuthor): WorldSource => ({
  platform,
  externalId: `${externalId}-source`,
  handle,
  title: displayName,
  url: address(platform, handle),
  followers: followers ?? 0,
})

/** What a YouTube video or a Reddit post is filed under; X has nothing of the kind. */
export const categoryOf = (platform: SeedPlatform, topic: (typeof topics)[number]) =>
  platform === 'twitter' ? null : topic.name
