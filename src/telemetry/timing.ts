/** Waits for the answer at most this long; what comes later is let go. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms} ms`)), ms)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}

/** Whoever asks while an answer is on its way gets that one: a thousand askers are one question. */
export function together<T>(read: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null
  return () => {
    running ??= read().finally(() => {
      running = null
    })
    return running
  }
}

/** Reads at most once in `ms`, however many ask; a failed reading is not kept. */
export function remembered<T>(ms: number, read: () => Promise<T>): () => Promise<T> {
  let kept: { value: Promise<T>; until: number } | null = null
  return () => {
    const now = performance.now()
    if (kept && now < kept.until) return kept.value
    const value = read()
    kept = { value, until: now + ms }
    value.catch(() => {
      kept = null
    })
    return value
  }
}
