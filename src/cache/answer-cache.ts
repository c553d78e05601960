export type AnswerCache = {
  /**
   * The answer that is kept under this workspace, version and question, or `compute`'s, which runs
   * once however many ask at the same time. A failure is not kept.
   */
  answer: <T>(key: CacheKey, compute: () => Promise<T>) => Promise<T>
  /** Whether nobody would have to compute it; asking this makes no answer look used. */
  has: (key: CacheKey) => boolean
  /** For metrics and tests. */
  size: () => number
}

export type CacheKey = {
  workspaceId: string
  /** Of the workspace's data: another version is another answer, so nothing has to be dropped in time. */
  version: string
  question: string
}

type Entry = { answer: Promise<unknown>; keptUntilMs: number }

type Options = { keepMs?: number; most?: number; nowMs?: () => number }

const textOf = ({ workspaceId, version, question }: CacheKey) =>
  JSON.stringify([workspaceId, version, question])

/**
 * Answers of this process, each under its workspace: the key begins with it, so that no other's can be
 * met. Kept for five minutes at most (the seeds' figure) and the least used go first.
 */
export function createAnswerCache(options: Options = {}): AnswerCache {
  const { keepMs = 300_000, most = 2_000, nowMs = () => performance.now() } = options
  const kept = new Map<string, Entry>()
  const dropOldest = () => {
    const [oldest] = kept.keys()
    if (oldest !== undefined && kept.size > most) kept.delete(oldest)
  }
  return {
    size: () => kept.size,
    has: (key) => (kept.get(textOf(key))?.keptUntilMs ?? 0) > nowMs(),
    answer: <T>(asked: CacheKey, compute: () => Promise<T>) => {
      const key = textOf(asked)
      const known = kept.get(key)
      kept.delete(key)
      if (known && known.keptUntilMs > nowMs()) {
        kept.set(key, known)
        return known.answer as Promise<T>
      }
      const answer = compute()
      kept.set(key, { answer, keptUntilMs: nowMs() + keepMs })
      dropOldest()
      answer.catch(() => {
        if (kept.get(key)?.answer === answer) kept.delete(key)
      })
      return answer
    },
  }
}
