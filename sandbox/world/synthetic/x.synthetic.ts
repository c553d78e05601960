import { dayMs, type Slot } from '../calendar.ts'
import { randomFor } from '../random.ts'
import { sentence } from '../text/composer.ts'
import type { SourceListing } from '../world.ts'
import { readSnowflake, snowflake } from '../x.snowflake.ts'
import type { TweetRef, XUser, XWorld } from '../x.world.ts'
import { createRoster, hasLeft, listing, numericId, type Source } from './roster.ts'
import { firstDayOfHistory, type Setting } from './setting.ts'
import { findReply, isStrangersReply, repliesTo, strangerById } from './x.replies.ts'
import { kindOf, type TweetWriter, tweetWriter } from './x.tweets.ts'

export function createX(setting: Setting): XWorld & { list: () => SourceListing[] } {
  const accounts = createRoster(setting, {
    platform: 'twitter',
    count: 120,
    perDay: 5,
    maxPerDay: 1000,
    medianAudience: 6000,
    firstDay: firstDayOfHistory(setting),
    fates: [
      { standing: 'gone', every: 40, at: 23 },
      { standing: 'suspended', every: 60, at: 31 },
      { standing: 'private', every: 60, at: 44 },
      { standing: 'leaves', every: 120, at: 71 },
    ],
  }).map((profile) => ({
    ...profile,
    id: numericId(10_000_000, 3_000_000_000, setting.seed, 'x-id', profile.index),
  }))
  const byId = new Map(accounts.map((account) => [account.id, account]))
  const byName = new Map(accounts.map((account) => [account.handle.toLowerCase(), account]))
  const writer = tweetWriter(setting, accounts)
  const show = (account: Source | undefined) =>
    account && !hasLeft(setting, account) ? presentUser(setting, account) : null
  const find = (id: string) => {
    const account = accounts[readSnowflake(id).source]
    return account && !hasLeft(setting, account) ? findSlot(setting, account, id) : null
  }
  const tweet = (id: string) => {
    if (isStrangersReply(id)) return findReply(setting, accounts, id)
    const found = find(id)
    return found && writer.isVisible(found.account, found.slot)
      ? writer.write(found.account, found.slot)
      : null
  }
  return {
    list: () => accounts.map((account) => listing('twitter', account, account.id)),
    userById: (id) => show(byId.get(id)) ?? strangerById(setting, id),
    userByName: (name) => show(byName.get(name.toLowerCase())),
    activeUsers: () =>
      accounts.flatMap((account) => (account.standing === 'active' ? (show(account) ?? []) : [])),
    timeline: (id) => refs(setting, writer, byId.get(id)),
    tweet,
    repliesTo: (id) => {
      const found = isStrangersReply(id) ? null : find(id)
      return found ? repliesTo(setting, found).toReversed() : []
    },
  }
}

function* refs(
  setting: Setting,
  writer: TweetWriter,
  account: Source | undefined,
): Iterable<TweetRef> {
  if (!account) return
  for (const slot of account.calendar.before(setting.time.now())) {
    if (!writer.isVisible(account, slot)) continue
    const presentedMs = setting.time.presented(slot.worldMs)
    yield {
      id: snowflake(presentedMs, account.index, slot.ordinal),
      kind: kindOf(setting, account, slot),
      authorId: account.id,
      presentedMs,
    }
  }
}

/** The id holds the presented time and the place in the day; the day may be off by one. */
function findSlot(
  { time }: Setting,
  account: Source,
  id: string,
): { account: Source; slot: Slot } | null {
  const { presentedMs, ordinal } = readSnowflake(id)
  const near = Math.floor(time.world(presentedMs) / dayMs)
  const reach = Math.ceil(time.speed() / dayMs) + 1
  for (let day = near - 1; day <= near + reach; day++) {
    const slot = account.calendar.slot(day, ordinal)
    if (slot && snowflake(time.presented(slot.worldMs), account.index, ordinal) === id) {
      return slot.worldMs <= time.now() ? { account, slot } : null
    }
  }
  return null
}

function presentUser({ seed, time }: Setting, account: Source): XUser {
  const random = randomFor(seed, 'x-bio', account.index)
  const now = time.now()
  const standing = account.standing
  return {
    id: account.id,
    username: account.handle,
    name: account.title,
    description: sentence(random, account.topic, 'thoughtful', account.lang),
    location: random.chance(0.6)
      ? random.pick(['Lisbon', 'Berlin', 'Ohio', 'Osaka', 'somewhere warm', 'São Paulo'])
      : null,
    createdAt: new Date(account.createdMs),
    verified: random.chance(0.3),
    standing:
      standing === 'suspended' ? 'suspended' : standing === 'private' ? 'protected' : 'active',
    metrics: {
      followers: account.audience(now),
      following: 40 + random.int(900),
      tweets: 800 + random.int(20_000) + account.calendar.countUntil(now),
      listed: Math.floor(account.audience(now) / 190),
      likes: 100 + random.int(9000),
    },
  }
}
