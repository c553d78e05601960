const maxTexts = 512
const maxCharacters = 262_144

/**
 * What one message to the scoring process carries: enough texts to sort by length, few enough that
 * copying them never holds up the sender's event loop. One long text is a chunk of its own.
 */
export function* chunkTexts(texts: Iterable<string>): Generator<string[], void> {
  let chunk: string[] = []
  let characters = 0
  for (const text of texts) {
    const full = chunk.length === maxTexts || characters + text.length > maxCharacters
    if (full && chunk.length > 0) {
      yield chunk
      chunk = []
      characters = 0
    }
    chunk.push(text)
    characters += text.length
  }
  if (chunk.length > 0) yield chunk
}
