import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Attack } from './attack.ts'
import type { Sample } from './load.ts'

/** The strangers have an event loop of their own: who measures does not wait for them. */
export function openFlood(url: string, attack: Attack) {
  const thread = new Worker(new URL('./flood.main.ts', import.meta.url), {
    workerData: { url, attack },
  })
  return {
    /** So many seconds of wrong logins. */
    pour: async (seconds: number): Promise<Sample[]> => {
      thread.postMessage(seconds)
      const [samples] = (await once(thread, 'message')) as [Sample[]]
      return samples
    },
    close: () => thread.terminate(),
  }
}
