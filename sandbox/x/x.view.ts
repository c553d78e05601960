import type { Answer } from '../http/answer.ts'
import { listOf, type SandboxRequest } from '../http/request.ts'
import type { XWorld } from '../world/x.world.ts'
import { olderName, type Words } from './x.dialect.ts'
import { invalidRequest } from './x.errors.ts'
import type { View } from './x.presenters.ts'

const tweetFields = new Set(
  'article article_title attachments author_id card_uri community_id context_annotations conversation_id created_at display_text_range edit_controls edit_history_tweet_ids entities geo id in_reply_to_user_id lang matched_media_notes media_metadata non_public_metrics note_request_suggestions note_tweet organic_metrics paid_partnership possibly_sensitive promoted_metrics public_metrics referenced_tweets reply_settings scopes source suggested_source_links suggested_source_links_with_counts text withheld username'.split(
    ' ',
  ),
)
const userFields = new Set(
  'affiliation confirmed_email connection_status created_at description entities id is_identity_verified location most_recent_tweet_id name parody pinned_tweet_id profile_banner_url profile_image_url protected public_metrics receives_your_dm subscribes_to_you subscription subscription_type url username verified verified_followers_count verified_type withheld'.split(
    ' ',
  ),
)
const expansions = new Set(
  'article.cover_media article.media_entities attachments.media_keys attachments.media_source_tweet attachments.poll_ids author_id edit_history_tweet_ids entities.mentions.username geo.place_id in_reply_to_user_id entities.note.mentions.username referenced_tweets referenced_tweets.id referenced_tweets.id.attachments.media_keys referenced_tweets.id.author_id affiliation affiliation.user_id most_recent_tweet_id pinned_tweet_id username'.split(
    ' ',
  ),
)

/** What the caller asked to see, or the refusal of a name that X does not know. */
export function viewOf(words: Words, x: XWorld, { query }: SandboxRequest): View | Answer {
  const asked = [
    { name: 'tweet.fields', known: tweetFields },
    { name: 'post.fields', known: tweetFields },
    { name: 'user.fields', known: userFields },
    { name: 'expansions', known: expansions },
  ].map(({ name, known }) => ({ name, known, values: listOf(query, name).map(olderName) }))
  for (const { name, known, values } of asked) {
    const bad = values.find((value) => !known.has(value))
    if (bad !== undefined) {
      const message = `The \`${name}\` query parameter value [${bad}] is not one of [${[...known].join(',')}]`
      return invalidRequest(words, name, bad, message)
    }
  }
  const valuesOf = (...names: string[]) =>
    asked.filter(({ name }) => names.includes(name)).flatMap(({ values }) => values)
  const expanded = new Set(valuesOf('expansions'))
  // Expanding a field shows the field itself as well.
  const implied = [...expanded].map((name) => name.split('.')[0] ?? name)
  return {
    words,
    x,
    tweetFields: new Set([...valuesOf('tweet.fields', 'post.fields'), ...implied]),
    userFields: new Set(valuesOf('user.fields')),
    expansions: expanded,
  }
}

export const isAnswer = (value: View | Answer): value is Answer => 'status' in value
