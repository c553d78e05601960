/**
 * Lets a producer work on its next item while the consumer still handles the last one: at most
 * `depth` items wait. What was produced before an error comes out before the error does.
 */
export async function* ahead<T>(items: AsyncIterable<T>, depth: number): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]()
  const waiting: Promise<IteratorResult<T>>[] = []
  let last: Promise<unknown> = Promise.resolve()
  const pull = () => {
    // One request at a time: generators queue them, but other iterables need not.
    const next = last.then(() => iterator.next())
    next.catch(() => {})
    last = next.catch(() => {})
    waiting.push(next)
  }
  try {
    for (let i = 0; i < depth; i += 1) pull()
    for (;;) {
      const result = await waiting.shift()
      if (!result || result.done) return
      pull()
      yield result.value
    }
  } finally {
    await iterator.return?.()
  }
}
