/** Whole templates of a language other than English, with its own small word lists. */
export type Language = {
  code: string
  templates: readonly string[]
  words: Record<string, readonly string[]>
}
