import { hash32 } from '../world/random.ts'
import type { RedditPost, RedditRef, RedditWorld, Subreddit } from '../world/reddit.world.ts'
import type { SourceListing } from '../world/world.ts'
import { linesOf, parseLine, readLines } from './jsonl.ts'
import { files, RedditRow } from './rows.ts'

type Community = { subreddit: Subreddit; refs: RedditRef[] }
type Line = { start: number; end: number }

/**
 * 177,000 posts: the text stays one buffer, and only what listings sort by is kept beside it. A
 * post is parsed when it is shown.
 */
export async function loadReddit(
  folder: string,
): Promise<RedditWorld & { list: () => SourceListing[] }> {
  const text = await readLines(folder, files.reddit)
  const lines = new Map<string, Line>()
  const communities = new Map<string, Community>()
  for (const line of linesOf(text)) {
    const row = JSON.parse(text.toString('utf8', line.start, line.end)) as RedditRow
    lines.set(row.id, line)
    enlist(communities, row)
  }
  for (const { refs } of communities.values()) refs.sort((a, b) => b.presentedMs - a.presentedMs)
  const find = (name: string) => communities.get(name.toLowerCase())
  return {
    list: () => [...communities.values()].map(({ subreddit }) => listing(subreddit)),
    subreddit: (name) => find(name)?.subreddit ?? null,
    newest: (name, most) => find(name)?.refs.slice(0, most) ?? [],
    post: (id) => {
      const line = lines.get(id)
      return line ? postOf(parseLine(text, line.start, line.end, RedditRow)) : null
    },
    // The file has no comments of these posts, only their number.
    commentShapes: () => [],
    comment: () => null,
    commentById: () => null,
  }
}

function enlist(communities: Map<string, Community>, row: RedditRow) {
  const key = row.subreddit.toLowerCase()
  const known = communities.get(key) ?? { subreddit: subredditOf(row), refs: [] }
  const { score } = row
  known.refs.push({
    id: row.id,
    subreddit: row.subreddit,
    presentedMs: row.created_utc * 1000,
    score: () => score,
  })
  communities.set(key, known)
}

const subredditOf = ({ subreddit: name, created_utc }: RedditRow): Subreddit => ({
  id: (200_000_000 + (hash32('t5', name.toLowerCase()) % 1_900_000_000)).toString(36),
  name,
  title: name,
  description: '',
  createdAt: new Date(created_utc * 1000),
  over18: false,
  subscribers: null,
  online: null,
  standing: 'active',
})

const listing = ({ name, id, title }: Subreddit): SourceListing => ({
  platform: 'reddit',
  handle: name,
  externalId: `t5_${id}`,
  title,
  habit: 'real',
})

/** Reddit rounds the ratio to two digits; without a vote there is none. */
export const upvoteRatio = ({ ups, downs }: { ups: number; downs: number }) =>
  ups + downs === 0 ? null : Math.round((ups / (ups + downs)) * 100) / 100

const postOf = (row: RedditRow): RedditPost => ({
  id: row.id,
  subreddit: row.subreddit,
  title: row.title,
  selftext: row.selftext ?? '',
  author: null,
  link: row.is_self ? null : row.url,
  flair: row.flair,
  presentedMs: row.created_utc * 1000,
  score: row.score,
  ups: row.ups,
  downs: row.downs,
  upvoteRatio: upvoteRatio(row),
  comments: row.num_comments,
  over18: row.over_18,
  stickied: false,
  removed: false,
})
