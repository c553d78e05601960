import { hash32 } from '../world/random.ts'
import type { SourceListing } from '../world/world.ts'
import { readSnowflake } from '../world/x.snowflake.ts'
import type { Tweet, XUser, XWorld } from '../world/x.world.ts'
import { readRows } from './jsonl.ts'
import { EventRow, files, TimelineRow } from './rows.ts'

type Person = { user: XUser; tweets: Tweet[] }

/** Whoever wrote fewer than this during the event is known, but is nobody to follow. */
const fewestTweets = 3

export async function loadX(folder: string): Promise<XWorld & { list: () => SourceListing[] }> {
  const people = new Map<string, Person>()
  for (const row of await readRows(folder, files.timeline, TimelineRow)) {
    const metrics = {
      likes: row.favorites,
      retweets: row.retweets,
      replies: row.replies,
      quotes: null,
      bookmarks: null,
      impressions: null,
    }
    write(people, row.user, { id: tweetIdOf(row.url), text: row.text, metrics })
  }
  for (const row of await readRows(folder, files.event, EventRow)) {
    write(people, row.user, { id: row.id, text: row.text, metrics: null })
  }
  const tweets = new Map<string, Tweet>()
  const byId = new Map<string, Person>()
  for (const person of people.values()) {
    person.tweets.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1))
    byId.set(person.user.id, person)
    for (const tweet of person.tweets) tweets.set(tweet.id, tweet)
  }
  const worthFollowing = [...people.values()].filter(
    (person) => person.tweets.length >= fewestTweets,
  )
  return {
    list: () => worthFollowing.map(({ user }) => listing(user)),
    userByName: (name) => people.get(name.toLowerCase())?.user ?? null,
    userById: (id) => byId.get(id)?.user ?? null,
    activeUsers: () => worthFollowing.map(({ user }) => user),
    timeline: (id) => byId.get(id)?.tweets ?? [],
    tweet: (id) => tweets.get(id) ?? null,
    repliesTo: () => [],
  }
}

export const tweetIdOf = (url: string) => url.slice(url.lastIndexOf('/') + 1)

function write(
  people: Map<string, Person>,
  name: string,
  { id, text, metrics }: Pick<Tweet, 'id' | 'text' | 'metrics'>,
) {
  const known = people.get(name.toLowerCase()) ?? { user: userOf(name), tweets: [] }
  people.set(name.toLowerCase(), known)
  known.tweets.push({
    id,
    // Answers and retweets cannot be told apart here: their targets are not in the files.
    kind: 'original',
    authorId: known.user.id,
    presentedMs: readSnowflake(id).presentedMs,
    text,
    lang: null,
    target: null,
    conversationId: id,
    links: [],
    metrics,
  })
}

const userOf = (username: string): XUser => ({
  id: String(3_000_000_000 + hash32('x', username.toLowerCase())),
  username,
  name: username,
  description: '',
  location: null,
  createdAt: new Date(Date.UTC(2009, 0, 1)),
  verified: false,
  standing: 'active',
  metrics: null,
})

const listing = ({ username, id, name }: XUser): SourceListing => ({
  platform: 'twitter',
  handle: username,
  externalId: id,
  title: name,
  habit: 'real',
})
