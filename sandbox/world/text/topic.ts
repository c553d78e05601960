/** The words of one field of interest. Templates refer to them as {thing}, {doing}, ... */
export type Topic = {
  id: string
  /** Noun phrases that stand after "the", "this" or "my". */
  thing: readonly string[]
  /** What one is busy with: "speedrunning", "baking bread". */
  doing: readonly string[]
  place: readonly string[]
  /** Follows "is" or "was". */
  praise: readonly string[]
  gripe: readonly string[]
  /** Without '#'. */
  tag: readonly string[]
  /** Syllables of names: "Pixel", "Forge". */
  name: readonly string[]
  /** Titles of videos and streams. */
  title: readonly string[]
  subreddit: readonly string[]
  /** YouTube's category. */
  category: string
}
