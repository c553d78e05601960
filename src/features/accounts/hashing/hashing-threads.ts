import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

export type HashingWork =
  | { kind: 'hash'; text: string; cost: number }
  | { kind: 'compare'; text: string; hash: string }
export type HashingAnswer = { value: string | boolean } | { error: string }

export type HashingThreads = {
  hash: (text: string, cost: number) => Promise<string>
  compare: (text: string, hash: string) => Promise<boolean>
}

const entryPoint = fileURLToPath(new URL('./hashing.main.ts', import.meta.url))

/**
 * Threads for bcrypt alone, each started when it is first needed: beside the pool that file reads and
 * name look-ups share, and at a lower priority than everything else. Whoever calls sees to it that
 * no more work comes at once than there should be threads.
 */
export function createHashingThreads(): HashingThreads {
  const idle: Worker[] = []
  const run = async (work: HashingWork): Promise<string | boolean> => {
    const thread = idle.pop() ?? startThread()
    const answer = await answerOf(thread, work)
    idle.push(thread)
    if ('error' in answer) throw new Error(answer.error)
    return answer.value
  }
  return {
    hash: async (text, cost) => String(await run({ kind: 'hash', text, cost })),
    compare: async (text, hash) => (await run({ kind: 'compare', text, hash })) === true,
  }
}

function startThread(): Worker {
  const thread = new Worker(entryPoint, { execArgv: [], env: {} })
  // Idle, it keeps no process alive; and how it ends is told to whoever waits for it.
  thread.unref()
  thread.on('error', () => {})
  return thread
}

/** One piece of work at a time: a thread that ends before its answer is not used again. */
function answerOf(thread: Worker, work: HashingWork): Promise<HashingAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HashingAnswer>()
  const ended = () => reject(new Error('A hashing thread ended before its answer.'))
  const failed = (error: Error) => reject(error)
  thread.ref()
  thread.once('message', resolve).once('error', failed).once('exit', ended)
  thread.postMessage(work)
  return promise.finally(() => {
    thread.off('message', resolve).off('error', failed).off('exit', ended)
    thread.unref()
  })
}
