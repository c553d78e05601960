import { spawnSync } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import bcrypt from 'bcrypt'
import type { HashingAnswer, HashingWork } from './hashing-threads.ts'

/**
 * Hashing takes what the cores have left: requests and the database on this machine go first. Linux
 * gives each thread a priority of its own; elsewhere this one keeps the process's. The lowest
 * priority still ends its slice when a request wakes up, up to 3 ms each time; what is scheduled as
 * idle is interrupted at once (util-linux's chrt, as Node has no call for it).
 */
function stepBack(): void {
  try {
    const threadId = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    setPriority(threadId, constants.priority.PRIORITY_LOW)
    spawnSync('chrt', ['--idle', '--pid', '0', String(threadId)], { stdio: 'ignore' })
  } catch {
    // Not on Linux, or not allowed: then the short line in front of this thread has to do.
  }
}

const done = (work: HashingWork): string | boolean =>
  work.kind === 'hash'
    ? bcrypt.hashSync(work.text, work.cost)
    : bcrypt.compareSync(work.text, work.hash)

stepBack()
parentPort?.on('message', (work: HashingWork) => {
  try {
    parentPort?.postMessage({ value: done(work) } satisfies HashingAnswer)
  } catch (error) {
    parentPort?.postMessage({ error: (error as Error).message } satisfies HashingAnswer)
  }
})
