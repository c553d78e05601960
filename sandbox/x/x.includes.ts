import type { Tweet } from '../world/x.world.ts'
import { presentTweet, presentUser, type View } from './x.presenters.ts'

/** The accounts and tweets that the expansions ask for beside the answer. */
export function includesOf(view: View, tweets: readonly Tweet[]) {
  const { x, words, expansions } = view
  const wantsTargets = expansions.has('referenced_tweets.id') || expansions.has('referenced_tweets')
  const targets = wantsTargets
    ? unique(tweets.flatMap(({ target }) => target?.id ?? [])).flatMap((id) => x.tweet(id) ?? [])
    : []
  const userIds = unique([
    ...(expansions.has('author_id') ? tweets.map(({ authorId }) => authorId) : []),
    ...(expansions.has('in_reply_to_user_id')
      ? tweets.flatMap(({ kind, target }) => (kind === 'reply' && target ? target.authorId : []))
      : []),
    ...(expansions.has('referenced_tweets.id.author_id')
      ? targets.map(({ authorId }) => authorId)
      : []),
  ])
  const users = userIds.flatMap((id) => x.userById(id) ?? [])
  const includes = {
    ...(users.length > 0 && { users: users.map((user) => presentUser(view, user)) }),
    ...(targets.length > 0 && {
      [words.included]: targets.map((tweet) => presentTweet(view, tweet)),
    }),
  }
  return { includes, userIds: users.map(({ id }) => id), tweetIds: targets.map(({ id }) => id) }
}

const unique = (ids: readonly string[]) => [...new Set(ids)]
