import { jsonAnswer } from '../http/answer.ts'
import { listOf } from '../http/request.ts'
import type { TweetRef } from '../world/x.world.ts'
import { invalidRequest, missing, notAuthorized, suspended } from './x.errors.ts'
import { includesOf } from './x.includes.ts'
import { answerPage, readWindow } from './x.pages.ts'
import { presentTweet } from './x.presenters.ts'
import { free, idPattern, type XHandler } from './x.users.ts'

/** A timeline ends there, however long its owner has been writing. */
const timelineEnd = 3200

export const timeline: XHandler = (view, request) => {
  const id = request.params.id ?? ''
  if (!idPattern.test(id)) {
    return free(
      invalidRequest(view.words, 'id', id, `The \`id\` path parameter value [${id}] is not valid`),
    )
  }
  const rules = { least: 5, most: 100, tokens: ['pagination_token'] }
  const window = readWindow(view, request, rules)
  if ('answer' in window) return window
  const user = view.x.userById(id)
  if (!user) return free(jsonAnswer(200, { errors: [missing(view.words, 'user', 'id', id)] }))
  if (user.standing === 'suspended') {
    return free(jsonAnswer(200, { errors: [suspended(view.words, 'id', id)] }))
  }
  if (user.standing === 'protected') {
    return free(jsonAnswer(200, { errors: [notAuthorized(view.words, 'user', 'id', id)] }))
  }
  const excluded = new Set(listOf(request.query, 'exclude'))
  return answerPage(view, shown(view.x.timeline(id), excluded), window)
}

function* shown(refs: Iterable<TweetRef>, excluded: ReadonlySet<string>): Iterable<TweetRef> {
  let place = 0
  for (const ref of refs) {
    if (place++ >= timelineEnd) return
    if (ref.kind === 'reply' && excluded.has('replies')) continue
    if (ref.kind === 'retweet' && (excluded.has('retweets') || excluded.has('reposts'))) continue
    yield ref
  }
}

export const tweetsByIds: XHandler = (view, { query }) => {
  const ids = listOf(query, 'ids')
  const bad = ids.find((id) => !idPattern.test(id))
  if (bad !== undefined || ids.length === 0 || ids.length > 100) {
    const value = bad ?? `${ids.length} ids`
    const message = `The number of values in the \`ids\` query parameter list [${value}] is not between 1 and 100`
    return free(invalidRequest(view.words, 'ids', value, message))
  }
  const results = [...new Set(ids)].map((id) => ({ id, tweet: view.x.tweet(id) }))
  const tweets = results.flatMap(({ tweet }) => tweet ?? [])
  const standing = new Map(
    tweets.map(({ authorId }) => [authorId, view.x.userById(authorId)?.standing]),
  )
  const open = tweets.filter(({ authorId }) => standing.get(authorId) === 'active')
  const errors = results.flatMap(({ id, tweet }) => {
    if (!tweet) return missing(view.words, view.words.resource, 'ids', id)
    return open.includes(tweet) ? [] : notAuthorized(view.words, view.words.resource, 'ids', id)
  })
  const { includes, userIds, tweetIds } = includesOf(view, open)
  const body = {
    ...(open.length > 0 && { data: open.map((tweet) => presentTweet(view, tweet)) }),
    ...(Object.keys(includes).length > 0 && { includes }),
    ...(errors.length > 0 && { errors }),
  }
  return {
    answer: jsonAnswer(200, body),
    tweetIds: [...open.map(({ id }) => id), ...tweetIds],
    userIds,
  }
}
