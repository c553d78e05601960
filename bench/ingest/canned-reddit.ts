import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A Reddit whose answers are made once and served from memory, in a process of its own, so that the
 * bench times our path and not the making of posts. argv: subreddits, posts of each.
 */
const [subreddits, posts] = process.argv.slice(2).map(Number) as [number, number]
const words = 'the quick brown fox jumps over lazy dog while music games news art code'.split(' ')
const word = (n: number) => words[Math.abs(n) % words.length]

const post = (subreddit: number, n: number, now: number) => {
  const id = (subreddit * 100_000 + n).toString(36)
  const sentence = Array.from({ length: 12 }, (_, at) => word(n * 7 + at * 3 + subreddit)).join(' ')
  return {
    kind: 't3',
    data: {
      id,
      name: `t3_${id}`,
      subreddit: `bench${subreddit}`,
      title: `${sentence} ${n}`,
      selftext: `${sentence}. #${word(n)} #${word(n + 1)} and more of ${sentence}`,
      author: `user${n % 50}`,
      author_fullname: `t2_${n % 50}`,
      link_flair_text: word(subreddit),
      permalink: `/r/bench${subreddit}/comments/${id}/x/`,
      created_utc: now - n * 600,
      score: n * 3,
      upvote_ratio: 0.9,
      num_comments: n,
      over_18: false,
      is_self: true,
      domain: 'self.bench',
      num_crossposts: 0,
    },
  }
}

const now = Math.floor(Date.now() / 1_000)
const listings = Array.from({ length: subreddits }, (_, subreddit) => {
  const children = Array.from({ length: posts }, (_, n) => post(subreddit, n, now))
  return JSON.stringify({ kind: 'Listing', data: { after: null, dist: posts, children } })
})

const about = (name: string) => ({
  kind: 't5',
  data: {
    name: `t5_${name}`,
    display_name: name,
    title: name,
    subscribers: 10,
    subreddit_type: 'public',
  },
})

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  response.setHeader('content-type', 'application/json')
  const listed = /^\/r\/bench(\d+)\/new/.exec(url.pathname)
  if (listed) response.end(listings[Number(listed[1])])
  else if (url.pathname === '/api/info') {
    const names = (url.searchParams.get('sr_name') ?? url.searchParams.get('id') ?? '').split(',')
    const children = names.map((name) => about(name.replace(/^t5_/, '')))
    response.end(JSON.stringify({ kind: 'Listing', data: { after: null, children } }))
  } else
    response.end('{"access_token":"canned","token_type":"bearer","expires_in":86400,"scope":"*"}')
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
process.once('SIGTERM', () => process.exit(0))
