/**
 * X's published API renamed its words between 2026-07-06 and 2026-08-08, and nobody has said which
 * ones production takes. So we send the old ones, or those of the setting `xDialect`, and step on to
 * the next when X refuses them (or ignores them: then posts come without the fields we asked for).
 * The last one holds only what the new description lists: it has no author_id, so a search over
 * several accounts cannot be told apart and timelines are read instead.
 */
export type Vocabulary = {
  name: 'tweet' | 'post' | 'post without authors'
  /** The query parameter that asks for a post's fields. */
  parameter: string
  fields: string
  tellsAuthors: boolean
}

const shared = 'public_metrics,created_at,lang,entities,conversation_id'

const vocabularies: readonly [Vocabulary, ...Vocabulary[]] = [
  {
    name: 'tweet',
    parameter: 'tweet.fields',
    fields: `${shared},referenced_tweets,author_id,in_reply_to_user_id,note_tweet`,
    tellsAuthors: true,
  },
  {
    name: 'post',
    parameter: 'post.fields',
    fields: `${shared},referenced_posts,author_id,in_reply_to_user_id,note_post`,
    tellsAuthors: true,
  },
  {
    name: 'post without authors',
    parameter: 'post.fields',
    fields: `${shared},note_post`,
    tellsAuthors: false,
  },
]

export const vocabularyOf = (dialect: string | undefined): Vocabulary =>
  vocabularies.find(({ name }) => name === dialect) ?? vocabularies[0]

/** The one to try when X does not take this one; null: there is none left. */
export const nextVocabulary = (current: Vocabulary): Vocabulary | null =>
  vocabularies[vocabularies.indexOf(current) + 1] ?? null
