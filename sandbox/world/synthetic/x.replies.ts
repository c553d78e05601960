import { dayMs } from '../calendar.ts'
import { momentWhen } from '../growth.ts'
import { hash32, randomFor } from '../random.ts'
import { reaction } from '../text/composer.ts'
import { personName } from '../text/names.ts'
import { readSnowflake, snowflake } from '../x.snowflake.ts'
import type { Tweet, XUser } from '../x.world.ts'
import type { Source } from './roster.ts'
import type { Setting } from './setting.ts'
import type { Target } from './x.draft.ts'
import { finals, growthOf, idOf } from './x.tweets.ts'

/** Answers to source n carry the source number 2000 + n in their ids. */
const strangers = 2000
const mostReplies = 100

export const isStrangersReply = (id: string) => readSnowflake(id).source >= strangers

/** What passers-by answered so far, in order of writing. */
export function repliesTo(setting: Setting, target: Target): Tweet[] {
  const final = finals(setting, target).replies
  const replies: Tweet[] = []
  for (let ordinal = 0; ordinal < Math.min(mostReplies, Math.floor(final)); ordinal++) {
    const worldMs = momentWhen(growthOf(target), (ordinal + 1) / final)
    if (worldMs > setting.time.now()) break
    replies.push(write(setting, target, ordinal, worldMs))
  }
  return replies
}

/** The id tells whose tweet was answered and, in three bits, roughly which: try those. */
export function findReply(setting: Setting, accounts: readonly Source[], id: string): Tweet | null {
  const { presentedMs, source, ordinal } = readSnowflake(id)
  const account = accounts[source - strangers]
  if (!account) return null
  const since = setting.time.world(presentedMs) - 40 * dayMs
  for (const slot of account.calendar.before(
    setting.time.world(presentedMs) + setting.time.speed(),
  )) {
    if (slot.worldMs < since) return null
    const target = { account, slot }
    if (placeOf(setting, target, 0) >> 7 !== ordinal >> 7) continue
    const final = finals(setting, target).replies
    if ((ordinal & 127) + 1 > final) continue
    const worldMs = momentWhen(growthOf(target), ((ordinal & 127) + 1) / final)
    const reply = write(setting, target, ordinal & 127, worldMs)
    if (reply.id === id && worldMs <= setting.time.now()) return reply
  }
  return null
}

const placeOf = (setting: Setting, target: Target, ordinal: number) =>
  ((hash32(setting.seed, idOf(setting, target)) & 7) << 7) | ordinal

function write(setting: Setting, target: Target, ordinal: number, worldMs: number): Tweet {
  const { account } = target
  const targetId = idOf(setting, target)
  const random = randomFor(setting.seed, 'x-reply', targetId, ordinal)
  const person = random.int(2 ** 31)
  const presentedMs = setting.time.presented(worldMs)
  return {
    id: snowflake(presentedMs, strangers + account.index, placeOf(setting, target, ordinal)),
    kind: 'reply',
    authorId: String(firstStranger + BigInt(person)),
    presentedMs,
    text: `@${account.handle} ${reaction(random, account.topic, account.lang)}`,
    lang: account.lang,
    target: { id: targetId, authorId: account.id },
    conversationId: targetId,
    links: [],
    metrics: {
      likes: random.int(9),
      retweets: random.int(2),
      replies: 0,
      quotes: 0,
      bookmarks: 0,
      impressions: 20 + random.int(400),
    },
  }
}

const firstStranger = 1_000_000_000_000_000_000n

/** A passer-by's id is the number that their name is drawn from. */
export function strangerById({ seed }: Setting, id: string): XUser | null {
  const person = BigInt(id) - firstStranger
  if (person < 0n || person >= 2n ** 31n) return null
  const random = randomFor(seed, 'stranger', Number(person))
  const { handle, title } = personName(random)
  return {
    id,
    username: handle.slice(0, 15),
    name: title,
    description: '',
    location: null,
    createdAt: new Date(Date.UTC(2012, 0, 1) + random.int(4000) * dayMs),
    verified: false,
    standing: 'active',
    metrics: {
      followers: random.int(900),
      following: random.int(900),
      tweets: random.int(9000),
      listed: 0,
      likes: random.int(9000),
    },
  }
}
