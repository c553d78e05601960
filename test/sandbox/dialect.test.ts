import { openSandbox } from './sandbox-client.ts'

type Body = {
  data: Record<string, unknown>[]
  includes: Record<string, Record<string, unknown>[]>
}

const asked = {
  tweet: 'tweet.fields=public_metrics,referenced_tweets&expansions=author_id,referenced_tweets.id',
  post: 'post.fields=public_metrics&expansions=author_id,referenced_posts',
}

/** Either spelling is understood; the one that is spoken does not depend on the question. */
test.each([
  ['tweet', 'tweet'],
  ['tweet', 'post'],
  ['post', 'tweet'],
  ['post', 'post'],
] as const)('X in dialect %s answers a question in dialect %s', async (xDialect, question) => {
  const { sandbox, get, sources, x } = await openSandbox({ xDialect })
  const [account] = (await sources('twitter')).filter(({ habit }) => habit === 'busy')
  const path = `/2/users/${account?.externalId}/tweets?max_results=100&user.fields=public_metrics&${asked[question]}`
  const { text, body } = await get(path, x)
  const { data, includes }: Body = body
  const [old, young] = ['retweet_count', 'repost_count']
  const [spoken, unspoken] = xDialect === 'tweet' ? [old, young] : [young, old]
  expect(data[0]?.public_metrics).toHaveProperty(spoken)
  expect(text).not.toContain(unspoken)
  const names = xDialect === 'tweet' ? ['tweets', 'users'] : ['posts', 'users']
  expect(Object.keys(includes).toSorted()).toEqual(names)
  const referenced = xDialect === 'tweet' ? 'referenced_tweets' : 'referenced_posts'
  expect(data.some((tweet) => referenced in tweet)).toBe(true)
  expect(text).toContain(xDialect === 'tweet' ? 'edit_history_tweet_ids' : 'edit_history_post_ids')
  expect(includes.users?.[0]?.public_metrics).toHaveProperty(
    xDialect === 'tweet' ? 'tweet_count' : 'post_count',
  )
  await sandbox.close()
})
